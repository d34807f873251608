"""The figures as a table, for people."""

from typing import Any

from bench.purchases import KINDS

MOST_JUDGING_US = 200
GOALS = {"api_vs_limit": 0.20, "growth_10m_vs_10k": 0.95, "rls_on_vs_off": 0.95}


def show(result: dict[str, Any]) -> None:
    """Everything but the pages."""
    columns = [*(f"{kind}_per_s" for kind in KINDS), "api_vs_limit", "api_p50_ms", "api_p99_ms"]
    print("connections  " + "  ".join(column.rjust(15) for column in columns))
    for connections, row in result["connections"].items():
        print(connections.rjust(11) + "  " + "  ".join(str(row[column]).rjust(15) for column in columns))
    print(
        f"\nAPI : bare view : posting : limit = 1 : {1 / result['api_vs_bare_view']:.2f} : "
        f"{1 / result['api_vs_posting']:.2f} : {1 / result['api_vs_limit']:.2f}. "
        f"{result['statements_per_purchase']:g} SQL statements a purchase."
    )
    print(
        f"Postings to accounts, award and spend in turns: {result['spread_accounts_per_s']:,}/s over all of them, "
        f"{result['hot_account_per_s']:,}/s on one."
    )
    met = "met" if result["judging_us"] <= MOST_JUDGING_US else "missed"
    print(
        f"Judging a purchase by {result['judging_rules']} rules: {result['judging_us']} µs of {result['api_p50_ms']} ms "
        f"in all (goal ≤ {MOST_JUDGING_US} µs, {met})."
    )
    _show_growth(result)
    check, where = result["check"], result["machine"]
    print(
        f"{check['purchases_answered']:,} purchases answered, {check['purchases_in_database']:,} in the database "
        f"(up to {check['cut_off_at_most']} were cut off unanswered). Books: {check['books']}."
    )
    print(f"{where['cores']} cores, load {where['load']}, fdatasync {where['fdatasync_ms']} ms.")
    for key, goal in GOALS.items():
        if key in result:
            met = "met" if result[key] >= goal else "missed"
            print(f"Goal {key} ≥ {goal:.2f}: {result[key]:.3f}, {met}.")


def _show_growth(result: dict[str, Any]) -> None:
    policies = result["row_security"]
    print(f"Posting with row-level security {policies['on_per_s']:,}/s, without {policies['off_per_s']:,}/s.")
    if "growth" not in result:
        return
    grown = result["growth"]
    few, many = grown["made"]["few"], grown["made"]["many"]
    print(
        f"With {few['movements']:,} movements and with {many['movements']:,} (of {many['merchants']:,} merchants, "
        f"{many['megabytes']:,} MB, made in {many['seconds']:g} s): posting {grown['posting']['few_per_s']:,} and "
        f"{grown['posting']['many_per_s']:,}/s, API {grown['api']['few_per_s']:,} and {grown['api']['many_per_s']:,}/s, "
        f"p99 {grown['api_p99_ms_few']} and {grown['api_p99_ms_many']} ms. Books: {grown['books']}."
    )
