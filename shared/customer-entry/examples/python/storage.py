"""Your database. This one is gone with the process, and good for one process only.

Each module makes its own tables. What counts in each is said there: a primary key, or a comparison in the
statement that writes.
"""

import sqlite3
import threading

database = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
# Only because all threads share this one connection, and with it the row count of "the last statement".
one_statement = threading.Lock()


def write(statement, *values):
    """How many rows the statement wrote."""
    with one_statement:
        return database.execute(statement, values).rowcount


def read(query, *values):
    with one_statement:
        return database.execute(query, values).fetchall()
