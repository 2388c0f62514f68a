"""How the two kinds of database are tuned."""

import sqlite3

import pytest
from django.db import connection, transaction

from project.databases import default_url, tuned
from project.variables import Variables

PARSE = Variables.db_url_config


def test_the_embedded_database_lies_in_an_ignored_folder(tmp_path):
    assert default_url(tmp_path) == f"sqlite:///{tmp_path}/data/db.sqlite3"
    assert (tmp_path / "data").is_dir()


def test_sqlite_takes_the_write_lock_early_and_waits_for_it():
    options = tuned(PARSE("sqlite:////tmp/db.sqlite3"))["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE"
    assert options["timeout"] == 10


def test_postgresql_keeps_connections_and_checks_them():
    database = tuned(PARSE("postgres://ada:secret@db.example:5433/shop"))
    assert database["CONN_MAX_AGE"] == 60
    assert database["CONN_HEALTH_CHECKS"] is True
    assert (database["HOST"], database["PORT"]) == ("db.example", 5433)


def test_the_url_wins_over_the_defaults():
    database = tuned(PARSE("postgres://db.example/shop?conn_max_age=0&sslmode=require"))
    assert database["CONN_MAX_AGE"] == 0
    assert database["OPTIONS"]["sslmode"] == "require"


def test_nobody_waits_for_a_lock_longer_than_three_seconds_f52():
    options = tuned(PARSE("postgres://db.example/shop"))["OPTIONS"]
    assert options == {"connect_timeout": 5, "options": "-c lock_timeout=3s"}


@pytest.mark.django_db(transaction=True)
def test_a_second_writer_of_sqlite_is_kept_out_from_the_first_begin():
    if connection.vendor != "sqlite":
        # PostgreSQL locks rows, and the tests of orders hold that.
        assert connection.settings_dict["CONN_HEALTH_CHECKS"]
        return
    with transaction.atomic(), connection.cursor() as cursor:
        assert cursor.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        other = sqlite3.connect(connection.settings_dict["NAME"], timeout=0)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        other.close()
