"""``python -m tests.dump``: write ``shop.sql`` and ``stripe.json`` anew."""

import time

from tests.dump import database


def main():
    with database.empty() as connection:
        import pytest
        from django.core.management import call_command

        from tests.dump import scenes
        from tests.support.world import here, world

        call_command("migrate", verbosity=0)
        settings, patch = database.Settings(), pytest.MonkeyPatch()
        with world(settings, patch) as played:
            scenes.play(played, settings)
            database.write_rows(connection)
            database.write_stripe(played.engine)
            print(*here(), sep="\n")
        patch.undo()
        settings.undo()


if __name__ == "__main__":
    began = time.monotonic()
    main()
    print(f"{database.ROWS.name}, {database.STRIPE.name}: written", end=" ")
    print(f"in {time.monotonic() - began:.0f} s")
