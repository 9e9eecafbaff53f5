"""Judges what the paper claims by what was measured here, and writes the page of it."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from stpose.artefacts.files import replace_atomically
from stpose.artefacts.provenance import derive
from stpose.artefacts.schemas import CLAIMS, TABLES
from stpose.artefacts.tables import read_table, write_table
from stpose.claims.command import command_for
from stpose.claims.markdown import FIGURE_4, claims_markdown, figure_words, our_words, summary
from stpose.claims.verdict import RULE, judge
from stpose.settings.tables import TablesSettings
from stpose.tables.paper import read_paper
from stpose.version import VERSION

TEMPLATE = Path(__file__).parent / "page.html.jinja"


def write_claims(
    tables_path: Path, out_path: Path, source: str, settings: TablesSettings, code: str = ""
) -> None:
    """Judge each row of the paper's tables and write claims.parquet, .md and .html.

    Args:
        tables_path: The tables artefact.
        out_path: The page to write (.html); the table (.parquet) and the text (.md) get the same
            name beside it.
        source: What footage was trained on, in words.
        settings: Which experiments and benchmarks there are.
        code: Fingerprint of the code.

    Raises:
        ArtefactError: The tables are missing or damaged.
    """
    paper = read_paper()
    tables = {table.table: table for table in paper.tables}
    claims: list[dict[str, Any]] = []
    for line in read_table(tables_path, TABLES).to_pylist():
        if line["headline"]:
            table = tables[line["table"]]
            verdict = judge(line, table, paper, settings)
            said = {"verdict": verdict.verdict, "why": verdict.why}
            claim = {**line, **said, "command": command_for(line, table)}
            claims.append({column.name: claim[column.name] for column in CLAIMS.columns})
    columns = {column.name: [claim[column.name] for claim in claims] for column in CLAIMS.columns}
    provenance = derive("claims", settings, code, [tables_path])
    write_table(out_path.with_suffix(".parquet"), CLAIMS, columns, provenance)
    with replace_atomically(out_path.with_suffix(".md")) as temporary:
        temporary.write_text(claims_markdown(claims, paper, source), encoding="utf-8")
    loader = FileSystemLoader(TEMPLATE.parent)
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined)
    page = environment.get_template(TEMPLATE.name).render(
        version=VERSION,
        source=source,
        paper=paper,
        claims=claims,
        summary=summary(claims),
        rule=RULE,
        figure_4=FIGURE_4,
        digits={name: 3 if table.scale == 1 else 1 for name, table in tables.items()},
        figure_words=figure_words,
        our_words=our_words,
    )
    with replace_atomically(out_path) as temporary:
        temporary.write_text(page, encoding="utf-8")
