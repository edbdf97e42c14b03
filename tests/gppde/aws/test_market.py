"""What AWS offers where, and what it costs."""

from custom_components.gppde.aws.cloud import Cloud

from .faults import Forgotten
from .proxy import Proxy


def test_the_first_type_comes_first_and_zones_by_their_names(cloud: Cloud, aws: Proxy) -> None:
    places = cloud.placements(["g6.xlarge", "g4dn.xlarge"])

    assert [(place.type, place.zone[-1]) for place in places] == [
        *(("g6.xlarge", zone) for zone in "abcdf"),
        *(("g4dn.xlarge", zone) for zone in "abcdf"),
    ]
    assert aws.calls == ["DescribeSubnets", "DescribeInstanceTypeOfferings"]


def test_each_zone_has_a_subnet_of_its_own(cloud: Cloud) -> None:
    places = cloud.placements(["g6.xlarge"])

    assert len({place.subnet for place in places}) == len(places) == 5


def test_a_type_that_nobody_offers_has_no_place(cloud: Cloud) -> None:
    assert cloud.placements(["g99.giant"]) == []


def test_there_is_no_place_without_default_subnets(cloud: Cloud, aws: Proxy) -> None:
    aws.faults = [Forgotten(action="DescribeSubnets")]

    assert cloud.placements(["g6.xlarge"]) == []


def test_the_spot_price_is_in_dollars_an_hour(cloud: Cloud, aws: Proxy) -> None:
    assert cloud.spot_price("g6.xlarge", "us-east-1a") == 0.00001
    assert aws.calls == ["DescribeSpotPriceHistory"]


def test_what_is_not_offered_has_no_price(cloud: Cloud) -> None:
    assert cloud.spot_price("g99.giant", "us-east-1a") is None
