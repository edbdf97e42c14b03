"""The steps through which an account at AWS becomes the source of quips, or is changed."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import voluptuous as vol
from homeassistant.config_entries import (
    SOURCE_REAUTH,
    SOURCE_RECONFIGURE,
    ConfigEntry,
    ConfigFlow,
    ConfigFlowResult,
)
from homeassistant.const import CONF_REGION, CONF_SOURCE
from homeassistant.core import callback

from ..ec2.instances import shared_ledger
from ..ec2.settings import CONF_ACCESS_KEY
from ..sources.kinds import SOURCE_EC2, STARTER_TITLE, is_ec2
from .aws_account import (
    ACCOUNT_FIELDS,
    KEY_FIELDS,
    KEYS,
    Account,
    account_errors,
    secrets_of,
    shown_account,
    stored_account,
    typed_account,
    without_keys,
)
from .aws_trial import AwsTrial, Options, identify, rehearse, try_account
from .persona import first_persona

DOCUMENTATION = "https://github.com/gppde/gppde/blob/main/docs/aws.md"
TITLE = "Quipgen on EC2 ({region})"

type Form = dict[str, Any]


class Ec2Steps(ConfigFlow):
    """Asks for an account until AWS says that it will do."""

    _account: Account
    """As it was typed last."""
    _secrets: Mapping[str, str] = MappingProxyType({})
    """What was typed so far, by access key: no form shows it again."""
    _waiting: Account | None = None
    """The one whose quota AWS has still to raise, as a person was told."""
    _trial = AwsTrial()

    async def async_step_ec2(self, form: Form | None = None) -> ConfigFlowResult:
        """Ask for an account, and look whether everything is there that a launch needs."""
        if form is None:
            return self._show_account(self._stored, AwsTrial())
        account = self._account = self._typed(form)
        if errors := account_errors(account):
            return self._show_account(account, AwsTrial(errors=errors))
        trial = self._trial = await try_account(self.hass, account, self._options)
        if trial.errors and not (trial.waits_for_aws and self._waiting == account):
            self._waiting = account if trial.waits_for_aws else None
            return self._show_account(account, trial)
        return await self.async_step_confirm()

    async def async_step_confirm(self, form: Form | None = None) -> ConfigFlowResult:
        """Tell what it costs, then rehearse a launch."""
        account = self._account
        if form is None:
            placeholders = {**self._trial.placeholders, CONF_REGION: account[CONF_REGION]}
            return self.async_show_form(
                step_id="confirm",
                data_schema=vol.Schema({}),
                description_placeholders=placeholders,
            )
        trial = await rehearse(self.hass, account, self._options)
        if trial.errors:
            return self._show_account(account, trial)
        return await self._keep_account(account)

    async def async_step_reauth_keys(self, form: Form | None = None) -> ConfigFlowResult:
        """Ask for keys until AWS takes them for the account in which the instances are."""
        if form is None:
            return self._show_account(self._stored, AwsTrial())
        account = self._typed(without_keys(self._stored) | form)
        trial = AwsTrial(errors=account_errors(account))
        if not trial.errors:
            trial = self._of_same_account(await identify(self.hass, account))
        if trial.errors:
            return self._show_account(account, trial)
        return self.async_update_and_abort(self._get_reauth_entry(), data=_data_of(account))

    def _of_same_account(self, trial: AwsTrial) -> AwsTrial:
        expected = self._get_reauth_entry().unique_id
        if trial.errors or expected in (None, trial.placeholders["account"]):
            return trial
        told = {**trial.placeholders, "expected": expected}
        return AwsTrial(errors={CONF_ACCESS_KEY: "wrong_account"}, placeholders=told)

    @property
    def _entry(self) -> ConfigEntry | None:
        if self.source == SOURCE_RECONFIGURE:
            return self._get_reconfigure_entry()
        return self._get_reauth_entry() if self.source == SOURCE_REAUTH else None

    @property
    def _stored(self) -> Account:
        return stored_account(self._entry.data) if self._entry else {}

    @property
    def _options(self) -> Options:
        return self._entry.options if self._entry else {}

    def _typed(self, form: Form) -> Account:
        account = typed_account(form, {**secrets_of(self._stored), **self._secrets})
        self._secrets = {**self._secrets, **secrets_of(account)}
        return account

    @callback
    def _show_account(self, account: Account, trial: AwsTrial) -> ConfigFlowResult:
        """Show all of it, or the keys alone where they are what AWS does not take any more."""
        fields, step, errors = ACCOUNT_FIELDS, "ec2", dict(trial.errors)
        if self.source == SOURCE_REAUTH:
            fields, step = KEY_FIELDS, "reauth_keys"
            errors = {key if key in KEYS else "base": it for key, it in errors.items()}
        placeholders = {"documentation": DOCUMENTATION, **trial.placeholders}
        if CONF_REGION in account:
            placeholders.setdefault(CONF_REGION, account[CONF_REGION])
        return self.async_show_form(
            step_id=step,
            data_schema=self.add_suggested_values_to_schema(
                vol.Schema(fields), shown_account(account)
            ),
            errors=errors,
            description_placeholders=placeholders,
        )

    async def _keep_account(self, account: Account) -> ConfigFlowResult:
        owner = self._trial.placeholders["account"]
        title, data = TITLE.format_map(account), _data_of(account)
        entry = self._entry
        if entry is None:
            await self.async_set_unique_id(owner, raise_on_progress=False)
            return self.async_create_entry(title=title, data=data, subentries=[first_persona()])
        if self._leaves_instance(entry, account, owner):
            return self._show_account(account, AwsTrial(errors={"base": "instance_left"}))
        if entry.title not in _own_titles(entry):
            title = entry.title
        return self.async_update_and_abort(entry, unique_id=owner, title=title, data=data)

    def _leaves_instance(self, entry: ConfigEntry, account: Account, owner: str) -> bool:
        """Whether something may run where nobody could end it any more."""
        if not is_ec2(entry):
            return False
        moves = account[CONF_REGION] != entry.data[CONF_REGION] or owner != entry.unique_id
        return moves and bool(shared_ledger(self.hass).attempts)


def _own_titles(entry: ConfigEntry) -> set[str]:
    """Return what an entry is called unless a person named it."""
    return {STARTER_TITLE, TITLE.format_map({CONF_REGION: None, **entry.data})}


def _data_of(account: Account) -> dict[str, str]:
    return {CONF_SOURCE: SOURCE_EC2, **account}
