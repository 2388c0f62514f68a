# `make demo` and `make test` do everything from a clean clone. Both take
# PYTHON=/path/to/python3; the demo PORT= and STANDIN_PORT=, the tests CHROMIUM=
# and ARGS="-k word", the simulation N= and SEED=, the soak MINUTES= and ARGS="--seed 7".
# `make proofs` goes through all combinations of which `make test` tries some: it takes
# a quarter of an hour. Both run on the PostgreSQL that DATABASE_URL names, if it names one.
.PHONY: demo test proofs simulate soak bench lint types ci requirements clean

PY := .venv/bin/python

demo:
	@bin/setup base && DEBUG=on exec $(PY) manage.py demo

test:
	@bin/setup dev && CHROMIUM="$$(bin/find-chromium)" && export CHROMIUM && \
		exec $(PY) -m pytest -n 3 --dist worksteal $(ARGS)

proofs:
	@bin/setup dev && CHROMIUM="$$(bin/find-chromium)" && export CHROMIUM && \
		exec $(PY) -m pytest -n 4 --dist worksteal --hypothesis-profile proofs \
		-o faulthandler_timeout=1800 \
		tests/proofs tests/browser/proofs tests/browser/standin/proofs \
		tests/money/test_any_*.py tests/money/test_races_of_money.py \
		tests/htmx_checkout/test_money.py tests/htmx_checkout/test_redaction.py $(ARGS)

simulate:
	@bin/setup dev && exec $(PY) -m tests.simulation --histories $(or $(N),10000) \
		--seed $(or $(SEED),1) $(ARGS)

soak:
	@bin/setup dev && exec $(PY) -m tests.soak --minutes $(or $(MINUTES),10) $(ARGS)

bench:
	@bin/setup dev && CHROMIUM="$$(bin/find-chromium)" && export CHROMIUM && \
		exec $(PY) -m bench $(ARGS)

lint:
	@bin/setup dev && $(PY) -m ruff check . && $(PY) -m ruff format --check .

types:
	@bin/setup dev && PYTHONPATH=checkout:site:. $(PY) -m mypy

ci:
	@.ci/run

# Needs uv, the one tool that resolves for all platforms and Pythons at once.
requirements:
	@cd requirements && for name in base production dev \
			../bench/djstripe/requirements; do \
		uv pip compile --quiet --universal --python-version 3.12 --generate-hashes \
			--no-emit-index-url --no-header --upgrade $$name.in -o $$name.txt \
			|| exit; \
	done

# Everything that is ignored but .env, which a person wrote.
clean:
	@rm -rf .venv .secret-key data build dist staticfiles test-results *.egg-info \
		checkout/htmx_checkout/templates checkout/htmx_checkout/static \
		.coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache
	@find . -name .git -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +
