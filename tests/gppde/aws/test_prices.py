"""What does an instance cost?"""

import pytest

from custom_components.gppde.aws.prices import DEAREST, PRICES, cost, price


def test_a_minute_is_billed_at_least() -> None:
    assert cost(0, 0.6) == cost(1, 0.6) == cost(60, 0.6) == pytest.approx(0.01)


def test_longer_is_billed_by_the_second() -> None:
    assert cost(90, 0.6) == pytest.approx(0.015)
    assert cost(3600, 0.6) == pytest.approx(0.6)


def test_an_interruptible_instance_costs_less_than_half_as_a_rule() -> None:
    assert price("g6.xlarge", is_spot=True) == 0.37
    assert price("g6.xlarge", is_spot=False) == 0.805
    assert all(known.spot < known.on_demand for known in PRICES.values())


def test_a_type_that_is_not_in_the_table_has_no_price() -> None:
    assert price("z9.metal", is_spot=True) is None


def test_the_dearest_is_no_cheaper_than_any() -> None:
    assert all(known.on_demand <= DEAREST.on_demand for known in PRICES.values())
    assert all(known.spot <= DEAREST.spot for known in PRICES.values())
