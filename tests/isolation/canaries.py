"""A word that stands nowhere else, in every text of a shop's rows: whoever reads it has seen what is not theirs.

Written behind the app role's back. A column that can hold no such word is named here with its reason; a new column
fails `test_every_text_of_a_shop_holds_a_canary` until it holds one, or says why not.
"""

import re
from contextlib import suppress
from uuid import UUID

import psycopg
from psycopg import sql

# Public by design: a merchant's own row is read by whoever opens its join page.
PUBLIC = {"merchants_merchant.name", "merchants_merchant.tagline"}
# Columns whose words are of a list of our own, or that are read by machines alone.
MUTE = {
    "analytics_aim.kind": "one of a list",
    "core_auditrow.name": "one of the events' names",
    "core_event.done": "names of subscribers",
    "core_event.name": "one of the events' names",
    "ledger_entry.kind": "one of a list",
    "ledger_entry.outcome": "one of a list",
    "loyalty_budget.period": "names a day, a week or a month",
    "loyalty_budget.rule": "names a rule; versions look it up",
    "loyalty_happening.channel": "one of a list",
    "loyalty_happening.trigger": "one of a list",
    "loyalty_programme.ladder_climbing": "one of a list",
    "loyalty_programme.ladder_window": "one of a list",
    "loyalty_purchase.channel": "one of a list",
    "loyalty_purchase.currency": "a currency's code",
    "loyalty_standing.memory": "figures by rule, which the engine counts on",
    "loyalty_unit.code": "names the unit in the API; the rules look it up",
    "loyalty_unit.kind": "one of a list",
    "members_card.pin": "a hash",
    "members_consent.purpose": "one of a list",
    "members_consent.source": "one of a list",
    "members_member.gave": "names of fields",
    "members_member.locale": "a language's code",
    "merchants_apikey.scopes": "of a list",
    "merchants_invitation.locale": "a language's code",
    "merchants_invitation.role": "one of a list",
    "merchants_location.hours": "minutes of a day",
    "merchants_logo.digest": "names the logo in public addresses",
    "merchants_merchant.brand_colour": "a colour",
    "merchants_merchant.currency": "a currency's code",
    "merchants_merchant.locale": "a language's code",
    "merchants_merchant.logo_digest": "names the logo in public addresses",
    "merchants_merchant.slug": "is the merchant's address",
    "merchants_merchant.time_zone": "one of a list",
    "merchants_merchant.trade": "one of a list",
    "merchants_staffmember.role": "one of a list",
    "merchants_user.locale": "a language's code",
    "merchants_user.password": "a hash",
    "notifications_message.kind": "one of a list",
    "rewards_plan.step": "one of a list",
    "rewards_plan.template": "names one of the gallery",
    "rewards_picture.digest": "names the picture in public addresses",
    "rewards_reward.auto": "one of a list",
    "rewards_reward.kind": "one of a list",
    "rewards_reward.period": "one of a list",
    "rewards_reward.picture": "names the picture in public addresses",
    "rewards_reward.status": "one of a list",
    "rewards_redemption.status": "one of a list",
    "rewards_redemption.void_reason": "one of a list",
    "studio_designversion.digest": "a digest",
    "studio_labelfile.grid": "one of a list",
    "studio_labelfile.look": "a digest",
    "studio_link.kind": "one of a list",
    "studio_link.letters": "names the link in public addresses",
}
# Where the word alone would break a rule of the column: what stands there instead. `tail` tells the rows apart.
EMAIL = "%(value)s::text || {tail} || '@example.org'"
NAMES = "(SELECT jsonb_object_agg(k, v || %(value)s::text) FROM jsonb_each_text(t.{column}) AS e (k, v))"
SHAPED = {
    "loyalty_codebatch.word": "CASE t.{column} WHEN '' THEN '' ELSE %(value)s::text || {tail} END",
    "members_card.spoken_code": "%(spoken)s::text || substr('23456789ABCDEFGHJKMNPQRSTVWXYZ', {row} / 8 + 1, 1)"
    " || (mod({row}, 8) + 2)",
    # As `members.tags` keeps one: pages read when it was given.
    "members_member.tags": "t.{column} || jsonb_build_object(%(value)s::text,"
    " jsonb_build_object('at', '2026-03-02T10:00:00+00:00', 'by', %(value)s::text))",
    "members_member.phone": "%(phone)s::text || {tail}",
    "merchants_apikey.hint": "%(value)s::text",
    "members_member.email": EMAIL,
    "merchants_invitation.email": EMAIL,
    "merchants_user.email": EMAIL,
    "rewards_reward.names": NAMES,
    "rewards_reward.terms": NAMES,
    # What is read from it refuses what it does not know: the words of the frame are a shop's own.
    "studio_designversion.drawn": "jsonb_set(t.{column}, ARRAY['frame', 'words'], to_jsonb(%(value)s::text || {tail}))",
    "studio_designversion.failures": "jsonb_build_array(jsonb_build_array(%(value)s::text, %(value)s::text))",
}
WORD = "%(value)s::text || {tail}"
JSON = """CASE jsonb_typeof(t.{column})
WHEN 'object' THEN t.{column} || jsonb_build_object('kanarie', %(value)s::text)
WHEN 'array' THEN coalesce((SELECT jsonb_agg(CASE jsonb_typeof(e)
    WHEN 'object' THEN e || jsonb_build_object('kanarie', %(value)s::text) ELSE e END)
    FROM jsonb_array_elements(t.{column}) e), t.{column})
ELSE t.{column} END"""
LIST = "array_append(t.{column}, %(value)s::text)"
# The row's number in its page: no two rows of so small a shop share it.
ROW = "((t.ctid::text::point)[1])::int"
TAIL = f"lpad({ROW}::text, 3, '0')"
TEXTS = """
SELECT c.relname, a.attname, format_type(a.atttypid, NULL)
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
  AND a.attnum > 0 AND NOT a.attisdropped
  AND format_type(a.atttypid, NULL) IN ('character varying', 'text', 'character', 'jsonb', 'json',
                                        'character varying[]', 'text[]')
  AND (c.relname IN ('merchants_merchant', 'merchants_user') OR EXISTS (
      SELECT FROM pg_attribute b WHERE b.attrelid = c.oid AND b.attname = 'merchant_id' AND NOT b.attisdropped))
ORDER BY 1, 2
"""
OWN = {
    "merchants_merchant": "t.id = %(merchant)s",
    "merchants_user": "t.merchant_ids = ARRAY[%(merchant)s::uuid] AND t.name <> 'Half'",
}


def texts(administrator: psycopg.Connection) -> list[tuple[str, str, str]]:
    """(table, column, type) of everything that holds words, in tables with a merchant's rows."""
    return administrator.execute(TEXTS).fetchall()


def rows_of(table: str) -> str:
    """The condition that a row of `t` is the merchant's."""
    return OWN.get(table, "t.merchant_id = %(merchant)s")


def secrets_of(slug: str) -> dict[str, str]:
    """What nobody but this shop's own people may read: how its canaries begin, and what stands for short texts."""
    letter, digit = ("A", 1) if slug == "aroma" else ("B", 2)
    return {"word": f"kanarie{slug}", "spoken": f"KAN{letter}", "phone": f"+49305550{digit}"}


def heard(said: bytes, slug: str) -> list[str]:
    """The canaries of this shop in what was said. A spoken code is short: it counts where it stands for itself, and not
    where four letters of a random token happen to spell its beginning."""
    secrets = secrets_of(slug)
    found = [word for name, word in secrets.items() if name != "spoken" and word.encode() in said]
    spoken = rb"(?<![\w-])" + secrets["spoken"].encode() + rb"[2-9A-Z][2-9](?![\w-])"
    return found + [word.decode() for word in re.findall(spoken, said)]


def hide_canaries(administrator: psycopg.Connection, merchant_id: UUID, slug: str) -> None:
    """Put a canary into every text of the merchant's rows. Triggers are told to look away."""
    secrets = secrets_of(slug)
    with administrator.transaction():
        administrator.execute("SET LOCAL session_replication_role = replica")
        for number, (table, column, kind) in enumerate(texts(administrator)):
            name = f"{table}.{column}"
            if name in MUTE:
                continue
            value = f"shown{slug}{number}" if name in PUBLIC else f"{secrets['word']}{number}"
            # What takes no word stays silent, and `silent_texts` tells.
            with suppress(psycopg.Error), administrator.transaction():
                administrator.execute(
                    _statement(table, column, kind), secrets | {"value": value, "merchant": merchant_id}
                )


def _statement(table: str, column: str, kind: str) -> sql.Composed:
    """An UPDATE of all the merchant's rows; no two of them say the same."""
    text = SHAPED.get(f"{table}.{column}", JSON if kind == "jsonb" else LIST if kind.endswith("[]") else WORD)
    new = text.replace("{tail}", TAIL).replace("{row}", ROW).replace("{column}", f'"{column}"')
    return sql.SQL(f"UPDATE {{table}} t SET {{column}} = {new} WHERE {rows_of(table)}").format(
        table=sql.Identifier(table), column=sql.Identifier(column)
    )


def silent_texts(administrator: psycopg.Connection, merchant_id: UUID, slug: str) -> list[str]:
    """Columns of which no row of the merchant's holds a canary, though nothing excuses them."""
    words = [secrets_of(slug)["word"], f"shown{slug}", secrets_of(slug)["spoken"], secrets_of(slug)["phone"]]
    found = []
    for table, column, _kind in texts(administrator):
        query = sql.SQL(
            f"SELECT count(*) FROM {{table}} t WHERE {rows_of(table)} "
            "AND EXISTS (SELECT FROM unnest(%(words)s::text[]) w WHERE strpos(t.{column}::text, w) > 0)"
        ).format(table=sql.Identifier(table), column=sql.Identifier(column))
        row = administrator.execute(query, {"merchant": merchant_id, "words": words}).fetchone()
        if f"{table}.{column}" not in MUTE and not (row and row[0]):
            found.append(f"{table}.{column}")
    return found
