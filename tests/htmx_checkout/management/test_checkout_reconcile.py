"""A bar for whoever watches `checkout_reconcile`, and nothing for cron."""

import subprocess
import sys
from io import StringIO

from htmx_checkout.management.commands.checkout_reconcile import progress_on
from tests.support.readme import ROOT


class Terminal(StringIO):
    def isatty(self):
        return True


def test_a_terminal_shows_a_bar_with_the_name_of_the_step():
    screen = Terminal()
    assert list(progress_on(screen)([1, 2], "refunds")) == [1, 2]
    assert "refunds" in screen.getvalue()


def test_what_cron_mails_holds_no_bar():
    mail = StringIO()
    assert list(progress_on(mail)([1, 2], "refunds")) == [1, 2]
    assert mail.getvalue() == ""


WITHOUT = """
import sys
sys.modules["tqdm"] = None  # As if it were not installed.
sys.stderr.isatty = lambda: True
from htmx_checkout.management.commands.checkout_reconcile import progress_on
print(list(progress_on(sys.stderr)([1, 2], "refunds")))
"""


def test_without_tqdm_the_command_works_and_shows_no_bar():
    started = [sys.executable, "-c", f"import django; django.setup(){WITHOUT}"]
    env = {
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "PYTHONPATH": f"{ROOT}:{ROOT}/checkout:{ROOT}/site",
    }
    said = subprocess.run(
        started, cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    assert (said.stdout, said.stderr) == ("[1, 2]\n", "")
