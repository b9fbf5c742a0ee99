import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from zhengxin.ledger.notes import (
    NoteWrong,
    TreeHead,
    checkpoint_text,
    read_checkpoint,
    read_signed,
    sign,
    verifier_key,
)

# The published example of golang.org/x/mod/sumdb/note, the origin of the form.
NEUMANN = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
QUOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
SIGNED = QUOTE + (
    "\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotp"
    "RZb6KE6RyyBwJnAM=\n"
)


def key():
    return Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


def own_verifier():
    return verifier_key("example", key().public_key().public_bytes_raw())


def test_the_published_example_verifies():
    assert read_signed(SIGNED, NEUMANN) == QUOTE


def test_a_changed_letter_is_found():
    with pytest.raises(NoteWrong, match="签名与内容不符"):
        read_signed(SIGNED.replace("answer", "Answer"), NEUMANN)


def test_sign_and_read_again():
    note = sign("a\n\nb\n", "example", key())
    assert read_signed(note, own_verifier()) == "a\n\nb\n"


def test_signatures_of_others_are_ignored_but_do_not_count():
    note = sign("a\n", "example", key())
    other = SIGNED.rpartition("\n\n")[2]
    assert read_signed(note + other, own_verifier()) == "a\n"
    with pytest.raises(NoteWrong, match="没有本账本密钥的签名"):
        read_signed("a\n\n" + other, own_verifier())


@pytest.mark.parametrize("note", ["", "a\n", "a\n\n", "a\n\nnonsense\n", "a\n\n— example %%%\n"])
def test_what_is_no_note_is_refused(note):
    with pytest.raises(NoteWrong):
        read_signed(note, own_verifier())


@pytest.mark.parametrize(
    "verifier", ["", "a+b", NEUMANN.replace("c74f20a3", "c74f20a4"), NEUMANN[:-8] + "AAAAAAAA"]
)
def test_a_wrong_verifier_key_is_refused(verifier):
    with pytest.raises(NoteWrong):
        read_signed(SIGNED, verifier)


def test_checkpoint_text_and_back():
    head = TreeHead("example", 3, bytes(32))
    text = checkpoint_text(head)
    assert text == "example\n3\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"
    assert read_checkpoint(text) == head
    assert read_checkpoint(text + "extension\n") == head


@pytest.mark.parametrize("text", ["", "a\n1\n", "a\n01\n" + "A" * 43 + "=\n", "a\nx\nAAAA\n"])
def test_what_is_no_checkpoint_is_refused(text):
    with pytest.raises(NoteWrong):
        read_checkpoint(text)
