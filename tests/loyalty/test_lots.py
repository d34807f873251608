"""How a lot begins: by its own movement and in no other way, whoever inserts it."""

import psycopg
import pytest

NEW_LOT = """INSERT INTO ledger_lot (merchant_id, id, account_id, entry_id, seq, granted, available, spent)
    SELECT merchant_id, gen_random_uuid(), id, gen_random_uuid(), last_seq + {ahead}, 30, {available}, 30 - {available}
    FROM ledger_account ORDER BY id LIMIT 1"""


def test_even_the_owners_lot_brings_its_movement_and_counts_in_its_account(books_as_owner):
    of_the_first = "FROM ledger_account ORDER BY id LIMIT 1"
    before = books_as_owner.execute(f"SELECT available, last_seq {of_the_first}").fetchone()
    books_as_owner.execute(NEW_LOT.format(ahead=1, available=30))
    assert books_as_owner.execute(f"SELECT available - 30, last_seq - 1 {of_the_first}").fetchone() == before
    assert books_as_owner.execute(
        """SELECT source::text, target::text, amount FROM ledger_movement m JOIN ledger_lot l
           ON (l.account_id, l.seq, l.id, l.entry_id) = (m.account_id, m.seq, m.lot_id, m.entry_id)
           WHERE l.granted = 30"""
    ).fetchall() == [("issuing", "available", 30)]


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        (NEW_LOT.format(ahead=1, available=29), "a lot begins with all its units available"),
        (NEW_LOT.format(ahead=2, available=30), "movements follow each other without a gap"),
        (NEW_LOT.format(ahead=0, available=30), "movements follow each other without a gap"),
        (
            """INSERT INTO ledger_movement
               SELECT a.merchant_id, a.id, a.last_seq + 1, gen_random_uuid(), l.id, 'issuing', 'available', 1
               FROM ledger_account a JOIN ledger_lot l ON l.account_id = a.id LIMIT 1""",
            "units are issued by their lot",
        ),
    ],
)
def test_even_the_owner_cannot_issue_units_in_another_way(books_as_owner, statement, why):
    held = "SELECT sum(available), sum(last_seq) FROM ledger_account"
    before = books_as_owner.execute(held).fetchone()
    with pytest.raises(psycopg.DatabaseError, match=why):
        books_as_owner.execute(statement)
    assert books_as_owner.execute(held).fetchone() == before
