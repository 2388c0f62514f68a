"""What ``manage.py`` adds to Django's own command line."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def manage(*arguments, **environment):
    return subprocess.run(
        [sys.executable, ROOT / "manage.py", *arguments],
        env={"PATH": os.environ["PATH"], "ENV_FILE": os.devnull, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_wrong_setting_is_told_in_one_line():
    answer = manage("check")
    assert answer.returncode == 1
    assert answer.stderr.startswith("SECRET_KEY is not set.")
    assert answer.stderr.count("\n") == 1


def test_the_stack_is_there_for_who_asks_for_it():
    assert "Traceback" in manage("check", "--traceback").stderr


def test_the_stand_in_starts_whatever_the_site_lacks():
    answer = manage("standin", "--help", STRIPE_SECRET_KEY="sk_test_half_a_set")
    assert answer.returncode == 0
    assert "--port" in answer.stdout


def test_the_stand_in_refuses_to_start_beside_a_live_key():
    answer = manage("standin", "--port", "0", STRIPE_SECRET_KEY="sk_live_1")
    assert answer.returncode == 1
    assert "live" in answer.stderr
