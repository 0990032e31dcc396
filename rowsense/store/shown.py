"""Which version of a session's analysis is shown: the newest."""

from __future__ import annotations

import uuid

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from rowsense.store.tables import Analysis, AnalysisQuantity


def shown_analysis(unit: Session, session_id: uuid.UUID) -> Analysis | None:
    """The newest version; None: there is none yet."""
    newest = select(Analysis).where(Analysis.session_id == session_id).order_by(Analysis.version.desc()).limit(1)
    return unit.scalar(newest)


def show_newest(unit: Session, session_id: uuid.UUID) -> None:
    """Tell the summaries, in the transaction in which a version came or went."""
    versions = select(Analysis.id).where(Analysis.session_id == session_id).order_by(Analysis.version.desc())
    for place, analysis_id in enumerate(unit.scalars(versions)):
        of_it = AnalysisQuantity.analysis_id == analysis_id
        unit.execute(
            update(AnalysisQuantity)
            .where(of_it, AnalysisQuantity.shown != (place == 0))
            .values(shown=place == 0)
            .execution_options(synchronize_session=False)
        )
