"""From a source description and a layout to the engine's statements, by Ibis."""

import ibis

from zhengxin.intake.checks import Check, build_checks, doubted_codes, masks
from zhengxin.intake.cleaning import cleaned, typed
from zhengxin.intake.types import ANY_DAY, Compiled, Reading, Source, Suspicion


def compile_statements(source: Source, reading: Reading, *, with_checks: bool) -> Compiled:
    """The statements of one layout; they hold for ANY_DAY and ANY_CODE."""
    typing = typed(source, reading)
    clean = ibis.table(typing.schema(), name="clean")
    checks: list[Check] = []
    judged = clean
    if with_checks:
        checks = build_checks(source, reading, clean, ANY_DAY)
        judged = clean.mutate(**{f"m{n}": mask for n, mask in enumerate(masks(checks))})
    return Compiled(
        str(ibis.to_sql(cleaned(source, reading), dialect="duckdb")),
        str(ibis.to_sql(typing, dialect="duckdb")),
        str(ibis.to_sql(judged, dialect="duckdb")),
        str(ibis.to_sql(doubted_codes(), dialect="duckdb")),
        tuple(Suspicion(check.code, check.field, check.severity, check.place) for check in checks),
    )
