"""The router: a path means an endpoint, or the nearest ones are named."""

from __future__ import annotations

import tracemalloc

import pytest

from mockbrew.devices.base import Device
from mockbrew.endpoints import Endpoint
from mockbrew.errors import BadArgument, Near, NoSuchEndpoint, SpecError
from mockbrew.neighbours import NEAREST, WINDOW, _around
from mockbrew.opened import REMEMBERED
from mockbrew.router import MET, Router
from mockbrew.spec import Spec
from tests.router.reference import reference
from tests.router.rigs import dimmer, dimmers, pattern, rig

SPEC = reference()


@pytest.fixture(scope="module")
def router() -> Router:
    return Router(SPEC)


def wire(text: str) -> str:
    """A path as WSGI shows it."""
    return text.encode().decode("latin-1")


def meant(spec: Spec, path: str) -> tuple[str | None, str, dict[str, str]]:
    endpoint, texts = Router(spec).match(path)
    return endpoint.device, endpoint.name, dict(texts)


def refused(router: Router, path: str) -> NoSuchEndpoint:
    with pytest.raises(NoSuchEndpoint) as caught:
        router.match(path)
    return caught.value


def faults(spec: Spec) -> str:
    with pytest.raises(SpecError) as caught:
        Router(spec)
    return str(caught.value)


# -- what an endpoint is -------------------------------------------------------------------------------------------


def test_readings_and_commands_answer_to_their_own_methods(router: Router) -> None:
    reading, command = router.match("/getA.py")[0], router.match("/startA.py")[0]

    assert (reading.commands, reading.methods) == (False, ("GET", "HEAD", "OPTIONS"))
    assert (command.commands, command.methods) == (True, ("GET", "POST", "OPTIONS"))


def test_endpoints_are_listed_in_the_order_of_the_spec(router: Router) -> None:
    urls = [endpoint.url for endpoint in router.endpoints]

    assert urls[:4] == ["/Reset.py", "/getA.py", "/startA.py", "/stopA.py"]
    assert urls[-2:] == ["/getCible3.py", "/setCible3_{setpoint}.py"]


# -- arguments -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["", "66.5.5", "1e3", "٦٦", " 66", "66\n", "\r\n", "+5", "\x00", "_", ".py", "{setpoint}", "%", "<b>", "9" * 5000]
)
def test_anything_in_the_place_of_an_argument_reaches_the_verb_which_names_the_range(router: Router, text: str) -> None:
    endpoint, texts = router.match(wire(f"/setCible1_{text}.py"))
    device: Device = SPEC.entries["PID1"].device

    assert (endpoint.device, endpoint.name, texts) == ("PID1", "set_target", {"setpoint": text})
    with pytest.raises(BadArgument, match=r"it must be a number from 0 to 110 degC, written like 66 or 66\.5; nothing was changed"):
        device.verbs["set_setpoint"].parse(device, texts)


@pytest.mark.parametrize(("raw", "text"), [("\xff", "\ufffd"), ("\ud800", "?"), ("٦", "?")])
def test_bytes_that_are_no_text_become_a_text_that_no_verb_takes(router: Router, raw: str, text: str) -> None:
    _, texts = router.match(f"/setCible1_{raw}.py")

    assert texts == {"setpoint": text}


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "//",
        "*",
        "getA.py",
        "//getA.py",
        "/getA.py/",
        "/geta.py",
        "/getA.py\n",
        "/getCible1_.py",
        "/setCible9_66.py",
        "/setCible1_66.pyx",
        "/setCible1_66.py/",
        "/setCible1_6/6.py",
        "/setCible1.py",
        "setCible1_66.py",
        "//setCible1_66.py",
        "/x/../setCible1_66.py",
    ],
)
def test_a_path_that_is_nearly_right_is_not_right(router: Router, path: str) -> None:
    assert refused(router, path).path == path


def test_a_fixed_path_beats_an_argument() -> None:
    interfaces = {"only": {"dim": pattern("/dim{id}_{level}", "dim"), "off": pattern("/dim{id}_0", name="off")}}
    spec = rig(interfaces, {"A": dimmer("A")})

    assert meant(spec, "/dimA_0") == ("A", "off", {})
    assert meant(spec, "/dimA_00") == ("A", "dim", {"level": "00"})


def test_more_constant_text_beats_less() -> None:
    spec = dimmers("/dim{id}_{level}", "dim", "A", "A_1")

    assert meant(spec, "/dimA_1_5") == ("A_1", "it", {"level": "5"})
    assert meant(spec, "/dimA_2_5") == ("A", "it", {"level": "2_5"})


def test_a_text_that_its_argument_could_be_beats_more_constant_text() -> None:
    interfaces = {"a": {"dim": pattern("/set{level}C.py", "dim")}, "b": {"dim": pattern("/set{number}{level}.py", "dim")}}
    spec = rig(interfaces, {"A": dimmer("A", "a"), "B": dimmer("B", "b", {"number": 10})})

    assert meant(spec, "/set105C.py") == ("A", "dim", {"level": "105"})
    assert meant(spec, "/set105.py") == ("B", "dim", {"level": "5"})
    assert meant(spec, "/set10xC.py") == ("B", "dim", {"level": "xC"})


def test_a_word_may_hold_what_stands_between_it_and_the_device() -> None:
    spec = dimmers("/play{id}_{programme}", "play", "A", "A_B")

    assert meant(spec, "/playA_slow_wave") == ("A", "it", {"programme": "slow_wave"})
    assert meant(spec, "/playA_B_slow_wave") == ("A_B", "it", {"programme": "slow_wave"})


def test_a_url_that_begins_like_a_more_special_one_is_found_behind_it() -> None:
    interfaces = {
        "special": {"dim": pattern("/setCible{number}_{level}.py", "dim")},
        "general": {"dim": pattern("/set{id}_{level}.py", "dim")},
    }
    devices = {"A": dimmer("A", "special", {"number": 1}), "Cible": dimmer("Cible", "general")}
    spec = rig(interfaces, devices)

    assert meant(spec, "/setCible1_5.py") == ("A", "dim", {"level": "5"})
    assert meant(spec, "/setCible_5.py") == ("Cible", "dim", {"level": "5"})


def test_the_constant_text_counts_whatever_url_werkzeug_finds_first() -> None:
    interfaces = {
        "special": {"dim": pattern("/setCible{number}_{level}", "dim")},
        "general": {"dim": pattern("/set{id}_{level}", "dim")},
    }
    spec = rig(interfaces, {"A": dimmer("A", "special", {"number": 1}), "Cible1_x": dimmer("Cible1_x", "general")})

    assert meant(spec, "/setCible1_x_5") == ("Cible1_x", "dim", {"level": "5"})


def test_several_words_of_a_device_stand_anywhere_in_a_url() -> None:
    interfaces = {"only": {"dim": pattern("/{area}/{number}/set/{level}", "dim")}}
    devices = {
        f"D{area}{number}": dimmer(f"D{area}{number}", labels={"area": area, "number": number}) for area in "ab" for number in (1, 2)
    }
    spec = rig(interfaces, devices)

    assert meant(spec, "/b/1/set/") == ("Db1", "dim", {"level": ""})
    assert meant(spec, "/a/2/set/33") == ("Da2", "dim", {"level": "33"})


def test_an_argument_may_stand_before_the_device_and_between_others() -> None:
    spec = dimmers("/{level}/{id}/{time}s", "fade", "A", "B")

    assert meant(spec, "/50/B/10s") == ("B", "it", {"level": "50", "time": "10"})
    assert meant(dimmers("/x{level}_{time}_{id}", "fade", "A", "_"), "/x__A") == ("A", "it", {"level": "", "time": ""})


def test_of_two_arguments_side_by_side_the_second_has_all_it_can() -> None:
    spec = dimmers("/{level}{time}", "fade", "A")

    assert meant(spec, "/") == ("A", "it", {"level": "", "time": ""})
    assert meant(spec, "/123") == ("A", "it", {"level": "1", "time": "23"})


def test_a_path_that_can_be_cut_in_millions_of_ways_is_given_up_soon() -> None:
    router = Router(dimmers("/mix{id}_{red}_{green}_{blue}.py", "mix", "A"))

    assert router.match("/mixA_1_2_3.py")[1] == {"red": "1", "green": "2", "blue": "3"}
    assert refused(router, "/mixB_" + "_" * 100_000).nearest == ()


@pytest.mark.parametrize("text", ["é", "<", ">", "<a:b>", "%", "%s", "|", "(.*)", "\\", "$", "{{", "}}", "a b"])
def test_a_url_may_hold_any_sign(text: str) -> None:
    fixed = dimmers(f"/{text}{{id}}{text}", None, "A")
    opened = dimmers(f"/{text}{{id}}{text}{{level}}{text}", "dim", "A")
    plain = wire(text.replace("{{", "{").replace("}}", "}"))

    assert meant(fixed, f"/{plain}A{plain}") == ("A", "it", {})
    assert meant(opened, f"/{plain}A{plain}5{plain}") == ("A", "it", {"level": "5"})


def test_listings_show_a_url_as_the_spec_writes_it() -> None:
    (endpoint,) = Router(dimmers("/é{{{id}}}_{level}%", "dim", "A")).endpoints

    assert endpoint.url == "/é{A}_{level}%"


# -- what comes near -----------------------------------------------------------------------------------------------


def test_a_path_that_means_nothing_is_told_what_comes_near(router: Router) -> None:
    assert str(refused(router, "/getK.py")) == (
        "no endpoint '/getK.py'; nearest: /getJ.py ('K' where 'J' stands), /getI.py ('K' where 'I' stands), /getH.py ('K' where 'H' stands)"
    )
    assert str(refused(router, "/")) == "no endpoint '/'; nothing comes near"


@pytest.mark.parametrize(
    ("path", "nearest"),
    [
        ("/setCible9_66.py", "/setCible3_{setpoint}.py"),
        ("/setcible1_66.py", "/setCible1_{setpoint}.py"),
        ("/getCible1_.py", "/getCible1.py"),
        ("/reset.py", "/Reset.py"),
        ("/startpid1.py", "/startPID1.py"),
        ("/gtA.py", "/getA.py"),
        ("/getTemp1", "/getTemp1.py"),
    ],
)
def test_the_nearest_comes_first(router: Router, path: str, nearest: str) -> None:
    assert refused(router, path).nearest[0].url == nearest


def test_a_controller_that_does_not_exist_brings_up_those_that_do(router: Router) -> None:
    assert set(refused(router, "/setCible9_66.py").nearest) == {
        Near(f"/setCible{number}_{{setpoint}}.py", f"'9' where '{number}' stands") for number in (1, 2, 3)
    }


def test_a_message_shows_the_text_that_the_bytes_are(router: Router) -> None:
    assert str(refused(router, wire("/getÉ.py"))).startswith("no endpoint '/getÉ.py'; nearest:")


def test_a_very_long_path_is_neither_searched_for_nor_repeated_whole() -> None:
    router = Router(dimmers("/" + "y" * 300, None, "A"))
    refusal = refused(router, "/" + "y" * 299)

    assert refusal.nearest == ()
    assert len(str(refusal)) < 300


@pytest.mark.parametrize("path", ["/getV4444x.py", "/gteV4444.py", "/etV4444.py", "/getV4444.p", "/getv4444.py"])
def test_in_a_big_rig_a_slip_at_either_end_still_finds_its_neighbours(path: str) -> None:
    router = Router(dimmers("/get{id}.py", None, *(f"V{number}" for number in range(10_000))))

    assert len(refused(router, path).nearest) == NEAREST
    assert refused(router, path).nearest[0].url == "/getV4444.py"


def test_no_more_than_a_few_paths_are_ever_compared() -> None:
    ordered = sorted(f"/get{number}" for number in range(10_000))

    assert len(_around(ordered, "/get5000", str)) == 2 * WINDOW
    assert _around(ordered, "/get5000x", str)[WINDOW - 1] == "/get5000"
    assert len(_around(ordered, "", str)) == WINDOW


# -- specs that can't be routed ------------------------------------------------------------------------------------


def test_two_endpoints_with_one_url_are_refused() -> None:
    interfaces = {"only": {"get": pattern("/{colour}")}}
    devices = {"A": dimmer("A"), "B": dimmer("B", colour="blue"), "C": dimmer("C")}
    spec = rig(interfaces, devices, rig_endpoints={"reset": pattern("/blue", "reset", {})})

    assert faults(spec).splitlines() == [
        "spec: devices.B: endpoint 'get', '/blue': its path '/blue' means '/blue', endpoint 'reset' of the rig; change one of the two",
        "spec: devices.C: endpoint 'get', '/red': its path '/red' means '/red', endpoint 'get' of A; change one of the two",
    ]


def test_two_urls_that_differ_in_the_names_of_their_arguments_only_are_refused() -> None:
    spec = rig({"only": {"dim": pattern("/dim_{level}", "dim"), "play": pattern("/dim_{programme}", "play")}}, {"A": dimmer("A")})

    assert faults(spec) == (
        "spec: devices.A: endpoint 'play', '/dim_{programme}': "
        "its path '/dim_slow_wave' means '/dim_{level}', endpoint 'dim' of A; change one of the two"
    )


def test_an_endpoint_whose_paths_another_takes_is_refused() -> None:
    only = {"a": pattern("/x{programme}", "play", name="a"), "b": pattern("/xs{programme}", "play", name="b")}
    spec = rig({"only": only}, {"A": dimmer("A")})
    taken = "its path '/xslow_wave' means '/xs{programme}', endpoint 'b' of A"

    assert faults(spec) == (f"spec: devices.A: endpoint 'a', '/x{{programme}}': {taken}; change one of the two")


def test_an_endpoint_that_no_path_reaches_is_refused() -> None:
    assert faults(dimmers("/call{id}/{word}", "call", "A")) == (
        "spec: devices.A: endpoint 'it', '/callA/{word}': no path reaches it; give it a URL that has no '/' where its arguments stand"
    )


# -- size ----------------------------------------------------------------------------------------------------------


def test_rules_grow_with_the_interfaces_and_not_with_the_devices() -> None:
    router = Router(dimmers("/dim{id}_{level}", "dim", *(f"V{number}" for number in range(500))))

    assert len(list(router._open._urls.map.iter_rules())) == 1


def test_paths_that_are_asked_for_again_mean_the_same_and_only_some_are_remembered() -> None:
    router = Router(dimmers("/dim{id}_{level}", "dim", "1", "11"))
    paths = [f"/dim{device}_{level}" for level in range(REMEMBERED) for device in ("1", "11")]
    first = [router.match(path) for path in paths]

    again = [router.match(path) for path in paths]
    long = [router.match(f"/dim1_{number:0>300}") for number in range(3)]

    assert again == first
    assert [texts["level"] for _, texts in long] == [f"{number:0>300}" for number in range(3)]
    assert 0 < len(router._open._known) <= REMEMBERED
    assert max(map(len, router._open._known)) < 300


def test_of_very_many_endpoints_some_are_kept_and_all_are_found() -> None:
    router = Router(dimmers("/get{id}.py", None, *(f"V{number}" for number in range(MET + 10))))

    met = [router.match(f"/getV{number}.py")[0].device for number in range(MET + 10)]

    assert met == [f"V{number}" for number in range(MET + 10)]
    assert 0 < len(router._met) <= MET
    assert router.match("/getV7.py")[0] is router.match("/getV7.py")[0]


def test_endpoints_are_a_sequence(router: Router) -> None:
    listed = tuple(router.endpoints)

    assert (len(router.endpoints), router.endpoints[3], router.endpoints[-1]) == (len(listed), listed[3], listed[-1])
    assert router.endpoints[1:3] == listed[1:3]
    with pytest.raises(IndexError):
        router.endpoints[len(listed)]


def test_an_endpoint_of_a_big_rig_takes_less_than_400_bytes() -> None:
    reply = {"Sensor": "{id}", "State": "{state}"}
    switch = {name: pattern(f"/{name}{{id}}.py", reply=reply, name=name) for name in ("get", "start", "stop")}
    spec = rig({"only": switch}, {f"V{number}": dimmer(f"V{number}") for number in range(2000)})
    tracemalloc.start()
    router = Router(spec)
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert size / len(router.endpoints) < 400
    assert isinstance(router.match("/stopV1999.py")[0], Endpoint)
