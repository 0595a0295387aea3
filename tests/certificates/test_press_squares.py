"""The quick way to a QR code gives the very square that segno gives, and a telephone's program reads it."""

import secrets

import pytest

from retrain.certificates.designs import square
from retrain.certificates.press import qr

HEADS = ("https://retrain.example.uz/verify/", "http://127.0.0.1:8000/verify/", "https://t.uz/verify/")


@pytest.mark.parametrize("head", HEADS)
def test_the_table_gives_segnos_squares(head: str):
    addresses = [head + secrets.token_urlsafe(16) for _ in range(12)] + [head + "-" * 22, head + "_" * 22]
    for address in addresses:
        table = qr._table(head, len(address))
        rows = square.matrix(address)
        assert table.rows(address) == "".join("".join(map(str, row)) for row in rows)
        assert qr.path(address) == qr.path(address, many=False)
        assert qr.size_of(address) == len(rows)


def test_an_address_of_another_length_has_its_own_table():
    short, long = HEADS[2] + "a" * 22, HEADS[0] + "a" * 22
    assert qr.path(short) != qr.path(long)


def test_the_lines_of_the_drawing_are_those_of_the_stamp():
    address = HEADS[0] + "AbCdEfGhIjKlMnOpQrStUv"
    drawn = sum(len(square.runs(row)) for row in square.matrix(address))
    assert qr.path(address).count(b" m\n") == drawn == square.svg(address).count("M")
