"""What a moved decile may mean for the programmes of a village."""

from datetime import date

from core.areas.current import CurrentArea
from core.cases.decile_gates import decile_gates


def test_each_programme_lets_in_up_to_a_decile_by_the_rule_of_the_day(village: CurrentArea) -> None:
    gates = {(gate.service.name, gate.limit) for gate in decile_gates(village, date(2026, 11, 12))}
    assert {("pkh.proposal", 4), ("bansos.food", 4), ("bansos.food", 5)} <= gates
    before = {(gate.service.name, gate.limit) for gate in decile_gates(village, date(2024, 11, 12))}
    assert not [limit for name, limit in before if name == "pkh.proposal"]  # DTKS had no decile


def test_a_family_crosses_a_gate_or_not(village: CurrentArea) -> None:
    gate = next(g for g in decile_gates(village, date(2026, 11, 12)) if g.limit == 4)
    moves = {(4, 5): -1, (5, 4): 1, (1, 4): 0, (5, 9): 0, (None, 3): 0}
    assert {move: gate.crossed(*move) for move in moves} == moves
