"""What comes out of an envelope, and what is left as it is."""

from __future__ import annotations

import itertools
import textwrap
import time
import zipfile
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from keten_kpi.envelope import Bericht, Envelope, unwrap
from keten_kpi.envelope.root import root_name
from keten_kpi.source import Document, Fault, Limits, Origin, Reason
from tests.envelope.envelopes import (
    ANDER,
    BERICHT,
    GGK,
    GGK_0310,
    GGK_OLD,
    SOAP_11,
    SOAP_12,
    STUF,
    VECOZO,
    base64,
    file,
    ggk,
    notice,
    soap,
    vecozo,
)
from tests.source.packing import tar, zipped

ORIGIN = Origin("levering.zip", "map/env.xml")
GGK_ENVELOPE = Envelope(
    soort="stuf-ggk",
    tijdstip=datetime(2019, 11, 4, 9, 30, 15),  # noqa: DTZ001 - local
    zender="0384",
    ontvanger="12345678",
    referentie="{6f9619ff-8b86-d011-b42d-00c04fc964ff}",
)
VECOZO_ENVELOPE = Envelope("vecozo", None, "12345678", "0384", "ref-1")

WRAPPINGS = {
    "bare": lambda content: ggk(file(content)),
    "answer": lambda content: ggk(file(content), root="envelopRetourbericht-ggk_Du01"),
    "text file": lambda content: ggk(file(content, "tekstBestand")),
    "before patch 4": lambda content: ggk(base64(content), namespace=GGK_OLD),
    "0310": lambda content: ggk(base64(content), namespace=GGK_0310),
    "in SOAP 1.1": lambda content: soap(ggk(file(content)), namespace=SOAP_11),
    "in SOAP 1.2": lambda content: soap(ggk(file(content)), namespace=SOAP_12),
    "vecozo": lambda content: vecozo(base64(content)),
    "vecozo in SOAP 1.2": lambda content: vecozo(base64(content), namespace=SOAP_12),
}
wrappings = pytest.mark.parametrize("wrap", WRAPPINGS.values(), ids=WRAPPINGS)


def opened(text, limits=None):
    content = text.encode() if isinstance(text, str) else text
    return list(unwrap(Document(ORIGIN, content), limits or Limits()))


def faults(berichten):
    return [bericht.fault.reason for bericht in berichten if bericht.fault]


def envelope_with(**fields):
    [bericht] = opened(ggk(file(BERICHT), **fields))
    assert bericht.content == BERICHT
    return bericht.envelope


# Messages


@wrappings
def test_the_message_in_an_envelope_comes_out_with_what_the_envelope_says(wrap):
    text = wrap(BERICHT)
    expected = VECOZO_ENVELOPE if "vecozo" in text else GGK_ENVELOPE
    assert opened(text) == [Bericht(ORIGIN, BERICHT, expected)]


@given(
    st.binary(min_size=1, max_size=300).filter(lambda content: not content.startswith(b"PK")),
    st.sampled_from(sorted(WRAPPINGS)),
)
def test_any_bytes_come_out_of_an_envelope_as_they_went_in(content, wrapping):
    assert [bericht.content for bericht in opened(WRAPPINGS[wrapping](content))] == [content]


@wrappings
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_an_envelope_may_have_any_unicode_encoding(wrap, encoding):
    text = wrap(BERICHT).replace('<?xml version="1.0" encoding="utf-8"?>', "").strip()
    text = f'<?xml version="1.0"?>{text}'
    assert [bericht.content for bericht in opened(text.encode(encoding))] == [BERICHT]


@wrappings
def test_messages_in_a_zip_in_an_envelope_are_named_with_their_member(wrap):
    berichten = opened(wrap(zipped([("a.xml", BERICHT), ("map/b.xml", ANDER)])))
    assert [str(bericht.origin) for bericht in berichten] == [f"{ORIGIN}!/a.xml", f"{ORIGIN}!/map/b.xml"]
    assert [bericht.content for bericht in berichten] == [BERICHT, ANDER]
    assert {bericht.envelope for bericht in berichten} <= {GGK_ENVELOPE, VECOZO_ENVELOPE}


def test_a_zip_in_an_envelope_that_is_a_file_by_itself_names_the_file_and_the_member():
    [bericht] = unwrap(Document(Origin("env.xml"), vecozo(base64(zipped([("a.xml", BERICHT)]))).encode()))
    assert bericht.origin == Origin("env.xml", "a.xml")


def test_two_payloads_are_two_messages_with_one_envelope():
    texts = [
        ggk(file(BERICHT) + file(ANDER)),
        ggk(file(BERICHT) + file(ANDER, "tekstBestand")),
        ggk(f"{base64(BERICHT)}</ggk:bericht><ggk:bericht>{base64(ANDER)}"),
        soap(ggk(file(BERICHT)) + ggk(file(ANDER))),
    ]
    for text in texts:
        assert opened(text) == [Bericht(ORIGIN, BERICHT, GGK_ENVELOPE), Bericht(ORIGIN, ANDER, GGK_ENVELOPE)]
    assert opened(vecozo(base64(BERICHT), base64(ANDER))) == [
        Bericht(ORIGIN, BERICHT, VECOZO_ENVELOPE),
        Bericht(ORIGIN, ANDER, VECOZO_ENVELOPE),
    ]


def test_an_empty_file_beside_the_message_is_nothing():
    assert [bericht.content for bericht in opened(ggk(file(BERICHT) + "<ggk:tekstBestand/>"))] == [BERICHT]


def test_base64_may_have_line_ends_spaces_comments_and_cdata():
    lines = "\r\n\t ".join(textwrap.wrap(base64(BERICHT), 76))
    for text in (f"\n  {lines}\n", f"<![CDATA[{lines}]]>", f"<!-- hier -->{lines}<?eind?>"):
        assert [bericht.content for bericht in opened(ggk(f"<ggk:xmlBestand>{text}</ggk:xmlBestand>"))] == [BERICHT]


def test_a_payload_larger_than_a_parser_takes_by_itself_is_read():
    large = BERICHT + b"<!--" + b"x" * 12_000_000 + b"-->"
    assert [bericht.content for bericht in opened(ggk(file(large)))] == [large]


# What the envelope says


@pytest.mark.parametrize(
    ("text", "micro"), [("20191104093015", 0), ("201911040930155", 500_000), ("20191104093015123", 123_000)]
)
def test_the_timestamp_may_have_up_to_three_more_digits(text, micro):
    assert envelope_with(tijdstip=text).tijdstip == datetime(2019, 11, 4, 9, 30, 15, micro)  # noqa: DTZ001 - local


@pytest.mark.parametrize(
    "text", ["", "20191104", "2019-11-04T09:30", "20191304093015", "201911040930151234", "Jansen", "٢٠١٩١١٠٤٠٩٣٠١٥"]
)
def test_what_is_no_timestamp_is_left_out(text):
    assert envelope_with(tijdstip=text).tijdstip is None


@pytest.mark.parametrize("field", ["zender", "ontvanger", "referentie"])
@pytest.mark.parametrize("text", ["", "A. Jansen", "jansen@example.org", "x" * 65, "Zoë", "a/b"])
def test_what_is_no_code_is_left_out(field, text):
    assert getattr(envelope_with(**{field: text}), field) is None


@pytest.mark.parametrize("field", ["zender", "ontvanger", "referentie"])
@pytest.mark.parametrize("text", ["0384", " 00000001003214345000\n", "{A-1}", "x" * 64])
def test_a_code_of_letters_digits_dashes_and_braces_is_kept(field, text):
    assert getattr(envelope_with(**{field: text}), field) == text.strip()


def test_of_several_addressees_none_is_the_receiver():
    [bericht] = opened(vecozo(base64(BERICHT), addressees=("0384", "0363")))
    assert bericht.envelope.ontvanger is None
    [bericht] = opened(vecozo(base64(BERICHT), addressees=("0384", "0384")))
    assert bericht.envelope.ontvanger == "0384"


def test_no_user_and_no_file_name_is_kept():
    for berichten in (opened(ggk(file(BERICHT))), opened(ggk("Jansen")), opened(ggk(file(tar([]))))):
        assert "Jansen" not in repr([(bericht.envelope, bericht.fault, bericht.origin) for bericht in berichten])


# Without a message


@pytest.mark.parametrize(
    "text",
    [
        *(notice(root) for root in ("Fo01Bericht", "Fo02Bericht", "Bv01Bericht", "Bv03Bericht", "Fo01", "Bv03")),
        soap(notice("Fo01Bericht")),
        soap(notice("Bv03Bericht"), namespace=SOAP_12),
        f'<ggk:Bv03Bericht xmlns:ggk="{GGK}"><ggk:bericht>{base64(BERICHT)}</ggk:bericht></ggk:Bv03Bericht>',
        ggk(""),
        ggk("  \n "),
        ggk("<ggk:xmlBestand/><ggk:tekstBestand> </ggk:tekstBestand>"),
        ggk("").replace("<ggk:bericht></ggk:bericht>", ""),
        ggk(file(zipped([]))),
        ggk(file(zipped([("map/", b"")]))),
        soap(""),
        f'<s:Envelope xmlns:s="{SOAP_11}"/>',
        soap("<s:Fault><faultcode>s:Server</faultcode><detail>Jansen</detail></s:Fault>"),
        vecozo(),
        vecozo(""),
        soap(f'<IndienenBerichtResponse xmlns="{VECOZO}/v3"><TraceerId>1</TraceerId></IndienenBerichtResponse>'),
    ],
)
def test_an_error_an_acknowledgement_or_an_empty_envelope_is_one_fault(text):
    [bericht] = opened(text)
    assert (bericht.origin, bericht.content) == (ORIGIN, None)
    assert bericht.fault.reason is Reason.EMPTY_ENVELOPE
    assert "Jansen" not in bericht.fault.message


# What cannot be read

GOOD = base64(BERICHT)


@pytest.mark.parametrize(
    "payload",
    [
        "geen base64!",
        GOOD[:-1],
        GOOD[:8] + "=" + GOOD[8:],
        GOOD + "AAA",
        "é" + GOOD,
        GOOD[:8] + "-_" + GOOD[10:],
        "<Bericht/>",
        f"{GOOD}<x/>",
        '<xop:Include xmlns:xop="http://www.w3.org/2004/08/xop/include" href="cid:1"/>',
    ],
)
@pytest.mark.parametrize("place", [lambda x: ggk(f"<ggk:xmlBestand>{x}</ggk:xmlBestand>"), ggk, vecozo])
def test_a_payload_that_is_not_base64_is_a_fault(payload, place):
    [bericht] = opened(place(payload))
    assert bericht.fault == Fault(Reason.BAD_ENVELOPE, "The payload of this envelope is not base64")
    assert bericht.envelope is not None


@wrappings
def test_a_truncated_zip_in_an_envelope_is_a_fault(wrap):
    berichten = opened(wrap(zipped([("a.xml", BERICHT), ("b.xml", ANDER)])[:-30]))
    assert [bericht.content for bericht in berichten] == [None]
    assert faults(berichten) == [Reason.BAD_ENVELOPE]


@wrappings
def test_a_damaged_member_of_a_zip_in_an_envelope_is_a_fault_and_the_others_come_out(wrap):
    packed = bytearray(zipped([("a.xml", BERICHT), ("b.xml", ANDER)], zipfile.ZIP_STORED))
    packed[packed.index(b"<jw315")] ^= 1
    berichten = opened(wrap(bytes(packed)))
    assert [bericht.content for bericht in berichten] == [None, ANDER]
    assert faults(berichten) == [Reason.BAD_ENVELOPE]


@wrappings
@pytest.mark.parametrize("pack", [zipped, tar])
def test_an_archive_in_a_zip_in_an_envelope_is_a_fault_and_the_rest_comes_out(wrap, pack):
    berichten = opened(wrap(zipped([("a.xml", BERICHT), ("b", pack([("c.xml", ANDER)]))])))
    assert [bericht.content for bericht in berichten] == [BERICHT, None]
    assert berichten[1].origin.member.endswith("!/b")
    assert faults(berichten) == [Reason.BAD_ENVELOPE]


@pytest.mark.parametrize(("outer", "inner"), [*itertools.product(WRAPPINGS.values(), repeat=2)])
@pytest.mark.parametrize("pack", [bytes, lambda content: zipped([("a.xml", content)])])
def test_an_envelope_in_an_envelope_is_a_fault(outer, inner, pack):
    berichten = opened(outer(pack(inner(BERICHT).encode())))
    assert faults(berichten) == [Reason.BAD_ENVELOPE]
    assert berichten[0].fault.message == "The payload of this envelope is again an envelope"


@pytest.mark.parametrize("text", ["<?xml version='1.0'?>\n<b:Bericht xmlns:b='b'/>", "<?a?b?><Bericht/>", "<Bericht>"])
def test_a_bare_message_is_itself_whatever_stands_before_its_root(text):
    assert opened(text) == [Bericht(ORIGIN, text.encode())]


def test_an_error_message_in_an_envelope_is_an_envelope_in_an_envelope():
    assert faults(opened(ggk(file(notice("Fo01Bericht").encode())))) == [Reason.BAD_ENVELOPE]


def test_the_limits_of_documents_and_archives_hold_in_an_envelope_too():
    bomb = ggk(file(zipped([("a.xml", b"<" + bytes(3_000_000))])))
    assert faults(opened(bomb, Limits(document_bytes=1_000_000))) == [Reason.TOO_LARGE]
    assert faults(opened(bomb, Limits(archive_ratio_from=1_000_000))) == [Reason.ARCHIVE_TOO_LARGE]


# What is left as it is


def test_a_document_with_a_fault_is_a_message_with_that_fault():
    fault = Fault(Reason.UNREADABLE, "This cannot be read")
    assert list(unwrap(Document(ORIGIN, fault=fault))) == [Bericht(ORIGIN, fault=fault)]


@pytest.mark.parametrize(
    "content",
    [
        BERICHT,
        ANDER,
        BERICHT.decode().replace("UTF-8", "UTF-16").encode("utf-16"),
        b"\xef\xbb\xbf" + ANDER,
        b"",
        b"geen xml",
        b"<html><body>Fo01</body></html>",
        b"PK\x03\x04",
        b"<Envelope/>",
        b"<Bericht",
        soap("<Iets xmlns='urn:anders'/>").encode(),
        soap(ggk(file(BERICHT)), namespace="urn:anders").encode(),
        ggk(file(BERICHT), namespace="urn:anders").encode(),
        ggk(file(BERICHT), root="envelopAnders").encode(),
        f'<Fo01Bericht xmlns="urn:{STUF}"/>'.encode(),
        ggk(file(BERICHT)).encode()[:-5],
        ggk(file(BERICHT) + "&onbekend;").encode(),
        b"<!DOCTYPE x>" + ggk(file(BERICHT)).encode(),
        b"<!-- a --><!DOCTYPE x [<!ENTITY e 'x'>]>" + ggk("&e;").encode(),
    ],
)
def test_a_bare_message_and_all_that_is_no_envelope_is_left_to_be_judged(content):
    [bericht] = opened(content)
    assert bericht == Bericht(ORIGIN, content)
    assert bericht.content is content


def test_a_doctype_behind_an_encoding_that_hides_it_is_not_opened():
    hidden = (
        b"<?xml version='1.0' encoding='UTF-7'?>"
        b"<!-- +AC0ALQA+ +ADw-!DOCTYPE x [+ADw-!ENTITY e 'x'+AD4-]+AD4 +ADw-!-- -->"
    )
    content = hidden + ggk("&e;").encode()
    [bericht] = opened(content)
    assert bericht.content is content


def test_a_large_envelope_in_an_encoding_that_may_hide_a_doctype_keeps_the_guards_of_the_parser():
    large = ggk(file(b"x" * 8_000_000)).encode()
    assert opened(b"<?xml version='1.0' encoding='utf-8'?>" + large)[0].envelope == GGK_ENVELOPE
    assert opened(b"<?xml version='1.0' encoding='UTF-7'?>" + large)[0].envelope is None


# Telling the root by the first bytes

PROLOGS = ["", "\n\t ", '<?xml version="1.0"?>', "<?xml version='1.0' encoding='utf-8' standalone='yes'?>\r\n"]
spaces = st.text(" \t\r\n", max_size=3)
comments = st.text(st.sampled_from("a<>!?- é"), max_size=9).map(lambda text: text.replace("--", "").strip("-"))
misc = st.one_of(spaces, comments.map("<!--{}-->".format), comments.map(lambda text: f"<?x {text.replace('?>', '')}?>"))
xml_names = st.from_regex(r"\A[A-Za-z_é][\w.-]{0,9}\Z").filter(lambda name: not name.lower().startswith("xml"))


@given(
    st.sampled_from(["", '<?xml version="1.0"?>']),
    st.lists(misc, max_size=4).map("".join),
    st.one_of(st.just(""), xml_names),
    xml_names,
    st.sampled_from(["/>", " />", "\n/>", ' a="&gt;"/>', "><b/></>"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]),
)
def test_the_root_told_by_the_first_bytes_is_the_root_a_parser_finds(declaration, between, prefix, name, end, encoding):
    tag = f"{prefix}:{name}" if prefix else name
    namespace = f' xmlns:{prefix}="urn:x"' if prefix else ""
    closing = end.replace("</>", f"</{tag}>")
    content = f"{declaration}{between if declaration else between.lstrip()}<{tag}{namespace}{closing}".encode(encoding)
    try:
        root = etree.fromstring(content)
    except etree.XMLSyntaxError:
        return  # \w knows letters that XML 1.0 does not
    assert root_name(content).decode() == etree.QName(root).localname


@pytest.mark.parametrize(
    "text", ["", "<", "<>", "< a/>", "<!DOCTYPE a><a/>", "<!-- <a/>", "<?xml <a/>", "a<b/>", "</a>", "<a"]
)
def test_what_has_no_root_at_its_start_has_no_name(text):
    assert root_name(text.encode()) is None


def test_looking_for_the_root_takes_one_pass_over_what_is_no_xml():
    start = time.perf_counter()
    for content in (b" " * 3_000_000, b"<!-- " * 300_000, b"<?a?>" * 300_000, b"<" + b"a" * 3_000_000):
        assert root_name(content) is None
    assert time.perf_counter() - start < 10  # a second pass for each byte would take hours
