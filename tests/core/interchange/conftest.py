"""Reports of runs in every format, as they would stand in a file."""

import io

import pytest

from core.interchange.html import write_html
from core.interchange.markdown import write_markdown
from core.interchange.report import blocks_of, report_of
from core.interchange.tex import write_tex
from core.store.opening import reading

WRITERS = {"md": write_markdown, "html": write_html, "tex": write_tex}


@pytest.fixture
def report():
    """A writer of a report of some runs of one store, without figures unless they are asked for."""

    def write(*runs, form="md", drawn=False):
        file = io.StringIO()
        with reading(runs[0].place) as db:
            WRITERS[form](file, blocks_of(report_of(db, runs[0].place, [run.id for run in runs], drawn=drawn)))
        return file.getvalue()

    return write
