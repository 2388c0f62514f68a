"""No secret reaches a log, a mail or an error page."""

import io
import logging
import string
import sys
from datetime import datetime

import pytest
from django.conf import settings
from django.views.debug import get_exception_reporter_class
from hypothesis import assume, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from htmx_checkout.redaction import HIDDEN, SecretsFilter, redact

# Cheap: more than the suite's ten.
more = hypothesis(max_examples=max(50, hypothesis.default.max_examples))


@pytest.mark.django_db
def test_a_log_call_with_arguments_that_do_not_fit_stops_nobody():
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(SecretsFilter())
    logger = logging.Logger("tests")
    logger.addHandler(handler)
    logger.info("%d apples of sk_test_abc", "no")
    assert "apples" in stream.getvalue()
    assert "abc" not in stream.getvalue()


random_part = st.text(string.ascii_letters + string.digits, min_size=8, max_size=60)


SHAPES = (
    "sk_test_{}",
    "sk_live_{}",
    "rk_test_{}",
    "rk_live_{}",
    "whsec_{}",
    "pi_3Vlv0_secret_{}",
    "cs_test_a1_secret_{}",
    "cuss_secret_{}",
    "/checkout/return/{}/",
    "/checkout/status/{}/poll/",
    "%2Fcheckout%2Freturn%2F{}%2F",
    "Cookie: sessionid={}; ",
    "csrftoken={}",
    "csrfmiddlewaretoken={}&",
    "X-CSRFToken: {}",
    "'sessionid': '{}'",
    "&#x27;csrftoken&#x27;: &#x27;{}&#x27;",
    "Authorization: Bearer {}",
    "'Authorization': b'Basic {}='",
)


# Where one secret ends another may begin, or only seem to.
surroundings = st.lists(
    st.text(max_size=20) | st.sampled_from([*SHAPES, "4242", "-", " ", "%20"]),
    max_size=4,
).map("".join)


@st.composite
def card_numbers(draw):
    """13 to 19 digits with the check digit of ISO/IEC 7812, in groups or not."""
    begins = draw(st.sampled_from("34 4 51 60 2221 2720 9".split()))
    rest = draw(st.text("0123456789", min_size=14, max_size=14))
    digits = (begins + rest)[: draw(st.integers(12, 18))]
    digits += next(last for last in "0123456789" if luhn(digits + last))
    between = draw(st.sampled_from(["", "", " ", "-", "+", "%20"]))
    size = draw(st.sampled_from([1, 4, 5, 6]))
    groups = [digits[at : at + size] for at in range(0, len(digits), size)]
    return between.join(groups)


def luhn(digits):
    """Written another way than the one that is tested."""
    table = "0516273849"
    backwards = enumerate(reversed(digits))
    return sum(table.index(d) if i % 2 else int(d) for i, d in backwards) % 10 == 0


@st.composite
def secrets(draw):
    """Text with a secret in it, and the part that nobody may read."""
    before, after = draw(surroundings), draw(surroundings)
    if draw(st.booleans()):
        part = draw(card_numbers())
        before += draw(st.sampled_from(list(" \n\t'\"=:(,/")))
        after = draw(st.sampled_from(list(" \n'\"&),.x"))) + after
        shape = "{}"
    else:
        part, shape = draw(random_part), draw(st.sampled_from(SHAPES))
    assume(part not in before + shape + after)
    return before + shape.replace("{}", part) + after, part


@more
@given(secrets())
def test_no_secret_survives_in_any_surroundings_i11(secret):
    text, part = secret
    said = redact(text)
    assert part not in said
    assert redact(said) == said


NESTED = (
    "sk_test_sk_test_{}",
    "/checkout/status/return/{}/",
    "sessionid=X-CSRFToken: {}",
    "sessionid: Authorization: Bearer {}",
    "Authorization: Bearer sessionid: {}",
    "sk_test_sessionid={}",
)


@pytest.mark.parametrize("shape", SHAPES + NESTED)
def test_each_shape_of_a_secret_is_known(shape):
    assert "Abc12345" not in redact(shape.replace("{}", "Abc12345"))


@pytest.mark.parametrize(
    "line",
    [
        "4242424242424242",
        "4242 4242 4242 4242",
        "4242-4242-4242-4242",
        "3782 822463 10005",
        "200 4242 4242 4242 4242 303",
        "q=%204242+4242+4242+4242",
        "q=4242%204242%204242%204242&",
        r"\n4242424242424242",
        "/status/12 4242424242424242",
    ],
)
def test_a_card_number_is_known_however_it_is_written(line):
    said = redact(line)
    assert "4242" not in said
    assert "822463" not in said
    assert HIDDEN in said


@pytest.mark.parametrize(
    "line",
    [
        "4242424242424241",
        "424242424242",
        "pi_4242424242424242",
        "req4242424242424242",
        "0.4242424242424242 s",
        "at 1790000000008",
        "at 20261124112336",
        "[4200, 4200, 4200, 4200]",
    ],
)
def test_what_only_looks_like_a_card_number_stays_readable(line):
    assert redact(line) == line


def test_what_was_hidden_once_is_left_alone_the_second_time():
    said = redact("/status/12.4242424242424242")
    assert said == "/status/[hidden].4242424242424242"
    assert redact(said) == said


@more
@given(card_numbers())
def test_all_of_a_card_number_is_hidden_and_nothing_else(number):
    assert redact(f"card '{number}', 4200 gbp") == "card '[hidden]', 4200 gbp"


ORDINARY = (
    st.integers(0, 10**12 - 1).map(str),
    # Unix time in milliseconds, microseconds and nanoseconds, up to the year 2033.
    *(
        st.integers(10**9 * k, 2 * 10**9 * k - 1).map(str)
        for k in (10**3, 10**6, 10**9)
    ),
    st.datetimes(datetime(1970, 1, 1), datetime(2099, 12, 31)).map(str),
    st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 31)).map(
        lambda at: at.strftime("%Y%m%d%H%M%S")
    ),
    st.floats(0, 10**6).map(str),
    st.from_regex(r"(pi|req|evt|ch)_[0-9]{14,20}", fullmatch=True),
    st.from_regex(r"FQ-[0-9A-Z]{4}-[0-9A-Z]{4}", fullmatch=True),
    st.from_regex(r"[A-Za-z ,.!?()'äß☃]{0,30}", fullmatch=True),
    st.sampled_from(["200 4523", "£42.00", "/checkout/payment/", "sk_test_", "1 2 3"]),
)


@more
@given(st.lists(st.one_of(*ORDINARY)).map(", ".join))
def test_text_without_a_secret_is_left_as_it_is(text):
    assert redact(text) == text


def logged(write):
    """What ``write(logger)`` leaves in a log with the filter."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        logging.Formatter("%(message)s%(more)s", defaults={"more": ""})
    )
    handler.addFilter(SecretsFilter())
    logger = logging.Logger("tests")
    logger.addHandler(handler)
    write(logger)
    return stream.getvalue()


def hand_over(logger, **facts):
    """As a queue does, or another process."""
    logger.handle(logging.makeLogRecord({"levelno": logging.ERROR, "msg": ""} | facts))


def in_a_chain(logger, text):
    """An exception, its cause, what it came up in, and a note."""
    try:
        try:
            raise KeyError(text)
        except KeyError as error:
            try:
                raise ValueError(text) from error
            except ValueError:
                raise RuntimeError(text)  # noqa: B904
    except RuntimeError as error:
        error.add_note(text)
        logger.exception(text)


def in_a_group(logger, text):
    try:
        raise ExceptionGroup("two", [ValueError(text), KeyError(text)])
    except ExceptionGroup:
        logger.exception("failed")


WAYS = {
    "message": lambda logger, text: logger.error(text),
    "arguments": lambda logger, text: logger.error("%s %r %5s", text, [text], 1),
    "a_dictionary": lambda logger, text: logger.error(
        "%(a)s %(b)r", {"a": text, "b": text}
    ),
    "arguments_that_do_not_fit": lambda logger, text: logger.error("%d", text),
    "an_error": lambda logger, text: logger.error(ValueError(text)),
    "a_chain": in_a_chain,
    "a_group": in_a_group,
    "the_stack": lambda logger, text: hand_over(logger, stack_info=text),
    "a_stack_of_ours": lambda logger, text: logger.error(text, stack_info=True),
    "what_was_formatted_before": lambda logger, text: hand_over(logger, exc_text=text),
    "extra": lambda logger, text: logger.error("here", extra={"more": text}),
}


@pytest.mark.parametrize("way", WAYS)
@more
@given(secret=secrets())
def test_no_secret_survives_whichever_way_it_is_logged_i11(way, secret):
    text, part = secret
    said = logged(lambda logger: WAYS[way](logger, text))
    assert said
    assert part not in said


@more
@given(st.lists(st.one_of(*ORDINARY)).map(", ".join))
def test_a_log_line_without_a_secret_is_left_as_it_is(text):
    assert logged(lambda logger: logger.info("%s; %s", text, "303")) == f"{text}; 303\n"


class Mute:
    """Cannot be turned into text."""

    def __str__(self):
        raise ZeroDivisionError

    __repr__ = __str__


@pytest.mark.parametrize(
    "record",
    [
        {"msg": Mute()},
        {"msg": "%s", "args": (Mute(),)},
        {"msg": "x", "exc_info": True},
        {"msg": "x", "exc_info": (ValueError, ValueError(Mute()), None)},
    ],
    ids=["message", "argument", "no_exception", "exception"],
)
def test_the_filter_raises_nothing_and_drops_nothing(record):
    assert logged(lambda logger: hand_over(logger, **record))


def test_secrets_in_arguments_are_hidden():
    line = '"GET /return/x/?payment_intent_client_secret=pi_1_secret_abc HTTP/1.1"'
    said = logged(lambda logger: logger.info('"%s" %s %s', line, "303", "0"))
    assert "abc" not in said
    assert "303" in said


def test_secrets_in_a_traceback_are_hidden():
    def write(logger):
        try:
            raise ValueError("sk_test_abc was refused")
        except ValueError:
            logger.error("failed", exc_info=sys.exc_info())

    said = logged(write)
    assert "sk_test_abc" not in said
    assert "ValueError" in said


def test_what_is_no_secret_stays_readable():
    line = "Stripe: CardError 402 card_declined, request req_5xDiqE4NWdx5ku, pi_3Vlv0"
    assert redact(line) == line


@pytest.mark.parametrize("name", settings.LOGGING["handlers"])
def test_each_handler_of_the_site_has_the_filter(name):
    assert "secrets" in settings.LOGGING["handlers"][name].get("filters", ())
    assert settings.LOGGING["filters"]["secrets"]["()"].endswith("SecretsFilter")


@pytest.mark.parametrize("debug", [True, False])
def test_error_pages_and_mails_show_no_secret_i11(rf, settings, debug):
    settings.DEBUG = debug
    url = "/checkout/return/tok_abc/?payment_intent_client_secret=pi_1_secret_abc"
    try:
        client_secret = "pi_1_secret_abc"
        raise RuntimeError(f"{client_secret} sk_test_abc")
    except RuntimeError:
        report = get_exception_reporter_class(None)(rf.get(url), *sys.exc_info())
    for page in (report.get_traceback_html(), report.get_traceback_text()):
        assert "RuntimeError" in page
        assert "_secret_abc" not in page
        assert "sk_test_abc" not in page
        assert "tok_abc" not in page
