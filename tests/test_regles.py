"""The rules on their edges, and what must hold for any ratings (hypothesis)."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batch.jury.regles import Constat, Mesure, judge
from batch.reglement.modele import Regle
from batch.vocabulaire import Niveau

MET, UNMET = Mesure.ATTEINT, Mesure.NON_ATTEINT
MISSING, OUT, DISPUTED = Mesure.MANQUANT, Mesure.EXCLU, Mesure.A_ARBITRER


def children(*marks: Mesure | str) -> list[Constat]:
    """Children C1, C2…: a state, or a mark (met from 10 on)."""
    made = []
    for rank, mark in enumerate(marks, 1):
        if isinstance(mark, Mesure):
            value = {MET: Fraction(1), UNMET: Fraction(0)}.get(mark)
            made.append(Constat(Niveau.COMPETENCE, f"C{rank}", mark, value))
        else:
            value = Fraction(Decimal(mark))
            state = MET if value >= 10 else UNMET
            made.append(Constat(Niveau.COMPETENCE, f"C{rank}", state, value))
    return made


def outcome(regle: Regle, *marks: Mesure | str) -> Mesure:
    return judge(regle, Niveau.BLOC, "BC1", children(*marks)).mesure


ALL = Regle(toutes=True)
TWO = Regle(au_moins=2)
SEVENTY = Regle(proportion=Fraction(7, 10))
MEAN = Regle(moyenne=Decimal(10))


@pytest.mark.parametrize(
    ("regle", "marks", "expected"),
    [
        pytest.param(ALL, (MET, MET), MET, id="toutes: all of them"),
        pytest.param(ALL, (MET, UNMET), UNMET, id="toutes: one short"),
        pytest.param(TWO, (MET, MET, UNMET), MET, id="au_moins: exactly"),
        pytest.param(TWO, (MET, UNMET, UNMET), UNMET, id="au_moins: one short"),
        pytest.param(SEVENTY, [MET] * 7 + [UNMET] * 3, MET, id="proportion: exactly 70 %"),
        pytest.param(SEVENTY, [MET] * 69 + [UNMET] * 31, UNMET, id="proportion: 69 %"),
        pytest.param(SEVENTY, (MET, MET, UNMET), UNMET, id="proportion: two thirds are not 70 %"),
        pytest.param(MEAN, ("8", "12"), MET, id="moyenne: exactly 10"),
        pytest.param(MEAN, ("8", "11.99"), UNMET, id="moyenne: 9.995 is not 10"),
        pytest.param(
            Regle(moyenne=Decimal(10), minimum=Decimal(7)), ("7", "13"), MET, id="minimum: on it"
        ),
        pytest.param(
            Regle(moyenne=Decimal(10), minimum=Decimal(7)),
            ("6.99", "18"),
            UNMET,
            id="minimum: a hundredth under it, whatever the mean",
        ),
        pytest.param(
            Regle(au_moins=1, eliminatoires=("C2",)),
            (MET, UNMET),
            UNMET,
            id="eliminatoires: missed, whatever the rest",
        ),
        pytest.param(
            Regle(au_moins=1, eliminatoires=("C1",)), (MET, UNMET), MET, id="eliminatoires: met"
        ),
        pytest.param(
            Regle(moyenne=Decimal(10), poids={"C1": Decimal(3)}),
            ("12", "4"),
            MET,
            id="poids: (3 × 12 + 4) / 4 is exactly 10",
        ),
    ],
)
def test_a_rule_on_its_edge(regle: Regle, marks: list[Mesure | str], expected: Mesure) -> None:
    assert outcome(regle, *marks) is expected


@pytest.mark.parametrize("regle", [ALL, TWO, SEVENTY, MEAN], ids=lambda r: r.conditions[0])
def test_a_missing_child_leaves_the_parent_incomplete(regle: Regle) -> None:
    assert outcome(regle, MET, MET, MISSING) is MISSING
    assert outcome(regle, UNMET, MISSING, DISPUTED) is MISSING


def test_a_disputed_child_leaves_the_parent_to_the_jury() -> None:
    assert outcome(ALL, MET, DISPUTED) is DISPUTED


def test_a_child_without_object_leaves_numerator_and_denominator() -> None:
    constat = judge(SEVENTY, Niveau.BLOC, "BC1", children(*[MET] * 7, *[UNMET] * 3, OUT))
    assert (constat.mesure, constat.part) == (MET, Fraction(7, 10))


def test_a_parent_of_which_nothing_applies_is_without_object() -> None:
    constat = judge(SEVENTY, Niveau.BLOC, "BC1", children(OUT, OUT))
    assert (constat.mesure, constat.part) == (OUT, None)


states = st.lists(st.sampled_from([MET, UNMET, OUT]), min_size=1, max_size=8)
rules = st.one_of(
    st.just(ALL),
    st.integers(1, 8).map(lambda n: Regle(au_moins=n)),
    st.fractions(0, 1).map(lambda share: Regle(proportion=share)),
    st.fractions(0, 1, max_denominator=100).map(
        lambda mean: Regle(moyenne=Decimal(mean.numerator) / Decimal(mean.denominator))
    ),
)


@given(rules, states, st.data())
def test_raising_a_child_never_worsens_the_parent(
    regle: Regle, marks: list[Mesure], data: st.DataObject
) -> None:
    rank = data.draw(st.integers(0, len(marks) - 1))
    raised = [MET if n == rank and mark is UNMET else mark for n, mark in enumerate(marks)]
    if outcome(regle, *marks) is MET:
        assert outcome(regle, *raised) is MET


@given(rules, states)
def test_the_order_of_children_never_matters(regle: Regle, marks: list[Mesure]) -> None:
    assert outcome(regle, *marks) is outcome(regle, *reversed(marks))
