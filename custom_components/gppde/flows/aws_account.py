"""An account at AWS, as a person enters it."""

import re
from collections.abc import Mapping
from typing import Any

import voluptuous as vol
from homeassistant.const import CONF_REGION
from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelectorType,
)

from ..ec2.settings import CONF_ACCESS_KEY, CONF_ROLE, CONF_SECRET_KEY
from .fields import text

type Account = dict[str, str]
"""Region, access key, secret key and role; what was left empty is not in it."""

REGIONS = {
    "us-east-1": "N. Virginia",
    "us-east-2": "Ohio",
    "us-west-1": "N. California",
    "us-west-2": "Oregon",
    "ca-central-1": "Montreal",
    "sa-east-1": "São Paulo",
    "eu-central-1": "Frankfurt",
    "eu-north-1": "Stockholm",
    "eu-west-1": "Ireland",
    "eu-west-2": "London",
    "eu-west-3": "Paris",
    "ap-northeast-1": "Tokyo",
    "ap-northeast-2": "Seoul",
    "ap-south-1": "Mumbai",
    "ap-southeast-1": "Singapore",
    "ap-southeast-2": "Sydney",
}
"""Those with g4dn or g6, and where they are. There are more, which may be typed in."""

KEYS = (CONF_ACCESS_KEY, CONF_SECRET_KEY)
ACCOUNT_KEYS = (CONF_REGION, *KEYS, CONF_ROLE)
REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-[0-9]{1,2}")
ACCESS_KEY = re.compile(r"[A-Za-z0-9_]{1,128}")
ROLE = re.compile(r"arn:aws[a-z-]*:iam::[0-9]{12}:role/[A-Za-z0-9_+=,.@/-]{1,576}")

KEY_FIELDS = {
    vol.Optional(CONF_ACCESS_KEY): text(),
    vol.Optional(CONF_SECRET_KEY): text(TextSelectorType.PASSWORD),
}
ACCOUNT_FIELDS = {
    vol.Required(CONF_REGION, default=next(iter(REGIONS))): vol.All(
        SelectSelector(
            SelectSelectorConfig(
                options=[
                    SelectOptionDict(value=region, label=f"{region} ({place})")
                    for region, place in REGIONS.items()
                ],
                custom_value=True,
                mode=SelectSelectorMode.DROPDOWN,
            )
        ),
        vol.Strip,
    ),
    **KEY_FIELDS,
    vol.Optional(CONF_ROLE): text(),
}


def stored_account(data: Mapping[str, Any]) -> Account:
    """Return the account of an entry's data."""
    return {key: data[key] for key in ACCOUNT_KEYS if data.get(key)}


def typed_account(form: Mapping[str, str], secrets: Mapping[str, str]) -> Account:
    """Return what was filled in. A secret that is known by its access key may be left out."""
    account = stored_account(form)
    access_key = account.get(CONF_ACCESS_KEY, "")
    if access_key in secrets:
        account.setdefault(CONF_SECRET_KEY, secrets[access_key])
    return account


def secrets_of(account: Account) -> dict[str, str]:
    """Return the secret by its access key, if both are there."""
    if CONF_ACCESS_KEY in account and CONF_SECRET_KEY in account:
        return {account[CONF_ACCESS_KEY]: account[CONF_SECRET_KEY]}
    return {}


def shown_account(account: Account) -> Account:
    """Return what a form may show again: all but the secret."""
    return {key: value for key, value in account.items() if key != CONF_SECRET_KEY}


def without_keys(account: Account) -> Account:
    """Return what stays when the keys change."""
    return {key: value for key, value in account.items() if key not in KEYS}


def account_errors(account: Account) -> dict[str, str]:
    """Return what AWS need not be asked about, by field."""
    errors = {}
    if not REGION.fullmatch(account.get(CONF_REGION, "")):
        errors[CONF_REGION] = "invalid_region"
    if CONF_ROLE in account and not ROLE.fullmatch(account[CONF_ROLE]):
        errors[CONF_ROLE] = "invalid_role"
    return errors | _key_errors(account)


def _key_errors(account: Account) -> dict[str, str]:
    if CONF_ACCESS_KEY not in account:
        return {CONF_ACCESS_KEY: "access_key_missing"} if CONF_SECRET_KEY in account else {}
    if not ACCESS_KEY.fullmatch(account[CONF_ACCESS_KEY]):
        return {CONF_ACCESS_KEY: "invalid_access_key"}
    return {} if CONF_SECRET_KEY in account else {CONF_SECRET_KEY: "secret_missing"}
