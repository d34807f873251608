from django.db import migrations, models

from core import rls
from core.sql import sql_file

PARTS = ("buckets", "settling", "awarding", "spending", "taking_back_any", "merging")
DOORS = (
    "ledger_award, ledger_issue, ledger_vest, ledger_adjust, ledger_use, ledger_end_hold, ledger_return, "
    "ledger_take_back, ledger_settle, ledger_merge, ledger_unmerge"
)


class Migration(migrations.Migration):
    """The books complete: every operation, debt, holds, and what is due by itself."""

    dependencies = [("ledger", "0003_moved")]

    operations = [
        migrations.CreateModel(
            name="Hold",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("account_id", models.UUIDField()),
                ("amount", models.BigIntegerField()),
                ("until", models.DateTimeField()),
                ("closed_by", models.UUIDField(null=True)),
            ],
            options={
                "db_table": "ledger_hold",
                "abstract": False,
                "managed": False,
                "base_manager_name": "objects",
            },
        ),
        *(migrations.RunSQL(sql_file(f"loyalty/ledger/sql/{part}.sql"), migrations.RunSQL.noop) for part in PARTS),
        migrations.RunSQL(rls.lock_statements("ledger_hold", rls.READ), migrations.RunSQL.noop),
        migrations.RunSQL(
            [
                f"GRANT EXECUTE ON FUNCTION {DOORS} TO habitue_app",
                # The sweep asks which accounts are due, across merchants, and nothing of what is in them.
                "CREATE POLICY jobs_due ON ledger_lot FOR SELECT TO habitue_jobs USING (true)",
                "CREATE POLICY jobs_due ON ledger_hold FOR SELECT TO habitue_jobs USING (true)",
                "GRANT SELECT (merchant_id, account_id, due_at) ON ledger_lot TO habitue_jobs",
                "GRANT SELECT (merchant_id, account_id, until, closed_by) ON ledger_hold TO habitue_jobs",
            ],
            migrations.RunSQL.noop,
        ),
    ]
