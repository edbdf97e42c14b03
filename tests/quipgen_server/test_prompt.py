import pytest
from hypothesis import given
from hypothesis import strategies as st

from quipgen_server.errors import ModelError
from quipgen_server.persona import Persona, Tone
from quipgen_server.prompt import prompt_for

EDDIE = Persona("Eddie", "A ship's\n door, {very} chatty.", Tone.SUNNY)


def test_any_model_is_told_who_speaks() -> None:
    prompt = prompt_for(EDDIE)
    assert "called Eddie. A ship's door, {very} chatty. The door" in prompt
    assert "sunny" in prompt
    assert prompt.endswith('"')


def test_a_model_may_have_a_template_of_its_own() -> None:
    assert prompt_for(EDDIE, 'A {tone} door said: "') == 'A sunny door said: "'


@pytest.mark.parametrize("template", ["{colour}", "{", "{0}", "{tone.nothing}"])
def test_a_broken_template_is_told(template: str) -> None:
    with pytest.raises(ModelError, match="prompt_template is broken"):
        prompt_for(EDDIE, template)


@given(st.text(), st.text())
def test_a_persona_cannot_end_the_prompt_early(name: str, description: str) -> None:
    assert prompt_for(Persona(name, description)).count('"') == 1
