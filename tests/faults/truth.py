"""What must be true after anything: what clients were told, once and for ever, is what the books say, and all was delivered.

The model is plain on purpose: it adds up answers, and knows no lot, no lock and no order.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from uuid import UUID

from django.db import connections, transaction

from analytics import rollups
from analytics.models import DailyFigure
from config.subscriptions import SUBSCRIPTIONS
from core import tenancy
from core.events import keep_attributed_for_audit
from core.ids import public_id, read_id
from loyalty.ledger import statements
from loyalty.ledger.models import Account, Entry
from loyalty.models import Purchase, Standing
from merchants.models import Merchant
from rewards.models import Reward
from tests.faults.clients import Asked
from tests.faults.stage import MAILED, WELCOME, Stage
from tests.servers import wait_for

# What a door's amount does to what a member has: available, pending and held, less what is owed.
DOORS = {"award": 1, "spend": -1, "hold": 0, "capture": -1, "release": 0, "return_spend": 1}
# The same for a reward's cost; and what it does to how many are out.
REWARDS = {"redemption": 0, "reward capture": -1, "reward release": 0, "reward void": 1}
STOCK = {"redemption": 1, "reward release": -1, "reward void": -1}


def check(stage: Stage) -> None:
    """Everything, in the order in which a finding says most. The house is made whole first."""
    connections.close_all()  # the house may have been broken under them
    stage.house.mend()
    happened_once_or_not_at_all(stage)
    silent = [asked for asked in stage.asked if any(told.status == 0 for told in asked.told)]
    stage.house.tally.add("unanswered", len(silent))
    answers_stay(stage)
    stage.deliver()
    books_are_what_was_told(stage)
    everything_was_delivered_once(stage)
    books_prove_themselves()
    stage.house.tally.add("operations", len(stage.asked))
    with stage.house.administrator() as eyes:
        delivered = eyes.execute("SELECT FROM faults_delivered WHERE merchant_id = %s", [stage.id])
        stage.house.tally.add("events", delivered.rowcount)


def happened_once_or_not_at_all(stage: Stage) -> None:
    """What was answered happened as it was answered; what was not happened once, or not at all."""
    times = purchases_by_reference(stage)
    for asked in stage.asked:
        if asked.kind == "purchase":
            found = times[asked.key.hex]
            allowed = {0, 1} if asked.answer is None else {int(asked.done)}
            assert found in allowed, f"{found} purchases under {asked.key}, which was told {asked.told}"


def answers_stay(stage: Stage) -> None:
    """Every key again, twice: the answer there was is the answer there is, to the byte. Silence gets its answer now."""
    for asked in stage.asked:
        for _time in range(2):
            wait_for(lambda asked=asked: asked.ask().is_clear, what=f"an answer to {asked.kind} {asked.key}")
            stage.house.tally.add("replays")
        clear = {(told.status, told.body) for told in asked.told if told.is_clear}
        assert len(clear) == 1, f"{asked.kind} {asked.key} was told {len(clear)} things: {clear}"
    times = purchases_by_reference(stage)
    for asked in stage.asked:
        if asked.kind == "purchase":
            assert times[asked.key.hex] == int(asked.done), f"{asked.key}: {times[asked.key.hex]} times"


def purchases_by_reference(stage: Stage) -> Counter[str]:
    """How many there are under each receipt's number."""
    with tenancy.scope(stage.id):
        return Counter(Purchase.objects.values_list("reference", flat=True))


def books_are_what_was_told(stage: Stage) -> None:
    """Member by member: units, money and visits, added up from answers; and each balance as it was told."""
    units, spent, visits = _model(stage.asked, [member.id for member in stage.members])
    with tenancy.scope(stage.id):
        held = {
            account.member_id: account.available + account.pending + account.held - account.debt
            for account in Account.objects.all()
        }
        standings = {row.member_id: (row.progress_minor, row.purchases) for row in Standing.objects.all()}
        entries = {entry.id: entry for entry in Entry.objects.all()}
        last = {}
        for entry in sorted(entries.values(), key=lambda entry: entry.last_seq):
            if entry.kind == "award" and entry.cause_id:
                last[entry.cause_id] = entry
        died = list(Entry.objects.filter(kind="expire", outcome="posted").values_list("account_id", "amount"))
        members = dict(Account.objects.values_list("id", "member_id"))
        taken = {public_id("rwd", reward.id): reward.taken for reward in Reward.objects.all()}
    for account_id, amount in died:  # of itself: nobody was told
        units[members[account_id]] -= amount
    assert taken == _taken(stage.asked) | {reward: count for reward, count in taken.items() if not count}, (
        "rewards"
    )
    assert held == units, "units: the books (first) are not what clients were told"
    assert standings == {member: (spent[member], visits[member]) for member in units}, "standings"
    for asked in stage.asked:
        if not asked.done:
            continue
        content = asked.said
        if asked.kind in DOORS:
            assert entries[asked.key].available_after == _net(content), f"balance of {asked}"
        elif asked.kind == "purchase" and content["awards"]:
            entry = last[read_id("pur", content["id"])]
            assert entry.available_after == _net(content["balances"]["points"]), f"balance of {asked}"


def _net(balance: dict[str, int]) -> int:
    """What can be used, less what is owed: as the books note it beside an entry."""
    return balance["available"] - balance["debt"]


def _model(
    operations: Iterable[Asked], members: list[UUID]
) -> tuple[Counter[UUID], Counter[UUID], Counter[UUID]]:
    """Units, money and visits of each member, from what their clients were told."""
    done = [asked for asked in operations if asked.done]
    units = Counter(dict.fromkeys(members, WELCOME))
    for asked in done:
        units[asked.member_id] += _units(asked)
    left = {asked.key: asked.about["minor"] for asked in done if asked.kind == "purchase"}
    for asked in done:
        if asked.kind == "refund":
            left[asked.about["purchase"]] -= round(100 * float(asked.said["amount"]))
        elif asked.kind == "cancellation":
            left[asked.about["purchase"]] -= float("inf")
    spent: Counter[UUID] = Counter()
    visits: Counter[UUID] = Counter()
    for asked in done:
        if asked.kind == "purchase" and left[asked.key] > 0:
            spent[asked.member_id] += left[asked.key]
            visits[asked.member_id] += 1
    return units, spent, visits


def _taken(operations: Iterable[Asked]) -> dict[str, int]:
    """How many of each reward are with members, held or handed over, by what clients were told."""
    taken: Counter[str] = Counter()
    for asked in operations:
        if asked.done and asked.kind in STOCK:
            taken[asked.about["reward"]] += STOCK[asked.kind]
    return dict(taken)


def _units(asked: Asked) -> int:
    """How many more, or fewer, its member has by what its client was told."""
    content = asked.said
    if asked.kind == "purchase":
        return sum(award["amount"] for award in content["awards"])
    if asked.kind == "adjustment":
        return content["amount"]
    if asked.kind == "settling":
        return 0
    if asked.kind in REWARDS:
        return REWARDS[asked.kind] * content["cost"]["amount"]
    if asked.kind in DOORS:
        return DOORS[asked.kind] * content["amount"]
    back = sum(units["amount"] for units in content["given_back"])
    return back - sum(units["amount"] for units in content["taken_back"])


def everything_was_delivered_once(stage: Stage) -> None:
    """Each event went to its end; messages, figures and audit are as one delivery of each makes them."""
    with stage.house.administrator() as eyes:
        lost = eyes.execute(
            "SELECT name, id FROM faults_recorded r WHERE merchant_id = %s "
            "AND NOT EXISTS (SELECT FROM faults_delivered d WHERE d.id = r.id)",
            [stage.id],
        ).fetchall()
        assert lost == [], "recorded and never delivered"
        audited = eyes.execute(
            "SELECT name, count(*) FROM core_auditrow WHERE merchant_id = %s GROUP BY 1", [stage.id]
        ).fetchall()
        recorded = eyes.execute(
            "SELECT name, count(*), count(actor) FROM faults_recorded WHERE merchant_id = %s GROUP BY 1",
            [stage.id],
        ).fetchall()
    kept = {
        name: attributed if SUBSCRIPTIONS[name].get("audit") is keep_attributed_for_audit else count
        for name, count, attributed in recorded
        if "audit" in SUBSCRIPTIONS[name]
    }
    wanted = {name: count for name, count in kept.items() if count}
    assert dict(audited) == wanted, "audit: what is kept is not what was recorded"
    _messages_were_written_once_and_sent(stage)
    _figures_are_a_recount(stage)


MESSAGES = """
SELECT e.id, p.cancelled_at IS NOT NULL OR p.refunded_minor > 0 AS cancelled, count(m.id), count(m.sent_at), min(m.id::text)
FROM ledger_entry e
JOIN ledger_account a ON a.merchant_id = e.merchant_id AND a.id = e.account_id AND a.member_id = ANY(%(mailed)s)
JOIN loyalty_purchase p ON p.merchant_id = e.merchant_id AND p.id = e.cause_id
LEFT JOIN notifications_message m ON m.merchant_id = e.merchant_id AND m.content->'given' @> jsonb_build_array(jsonb_build_object('entry', e.id))
WHERE e.merchant_id = %(merchant)s AND e.kind = 'award' AND e.outcome = 'posted'
GROUP BY e.id, cancelled
"""


def _messages_were_written_once_and_sent(stage: Stage) -> None:
    """A message an entry, marked as sent once, and its letter with the mail server at least once."""
    mailed = [member.id for member in stage.members[:MAILED]]
    kept = stage.house.mail.kept
    with stage.house.administrator() as eyes:
        rows = eyes.execute(MESSAGES, {"merchant": stage.id, "mailed": mailed}).fetchall()
    for entry, was_cancelled, written, sent, message in rows:
        if was_cancelled:  # whoever was quicker
            assert written <= 1, f"{written} messages about {entry}"
        else:
            assert (written, sent) == (1, 1), f"entry {entry}: {written} messages written, {sent} sent"
        if sent:
            letters = kept[f"<{UUID(message).hex}@habitue>"]
            assert letters >= 1, f"message {message} is marked as sent, and no letter came"
            stage.house.tally.add("e-mails", letters)


def _figures_are_a_recount(stage: Stage) -> None:
    """Daily figures, kept by deliveries, against the same counted from purchases and books."""
    with tenancy.scope(stage.id):
        before = _figures()
        first, *_days = days = sorted(before)
        with transaction.atomic():
            rollups.rebuild(first, days[-1])
            after = _figures()
            transaction.set_rollback(True)
    wrong = {
        f"{day} {name}": (before.get(day, {}).get(name, 0), after.get(day, {}).get(name, 0))
        for day in {*before, *after}
        for name in rollups.COUNTS
        if before.get(day, {}).get(name, 0) != after.get(day, {}).get(name, 0)
    }
    assert wrong == {}, "figures: what was delivered (first) is not what a recount finds"


def _figures() -> dict[dt.date, dict[str, int]]:
    return {row.pop("day"): row for row in DailyFigure.objects.values("day", *rollups.COUNTS)}


def books_prove_themselves() -> None:
    """`prove()` of every merchant in the house."""
    for merchant in Merchant.objects.all():
        with tenancy.scope(merchant.id):
            problems = statements.prove()
        assert problems == [], f"{merchant.name}: {problems[:3]}"
