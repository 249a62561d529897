#!/usr/bin/env python3
"""Writes small binary tables with astropy, and the values that it reads back from them.

    astropy-tables.py > astropy-tables.jsonl
"""
import base64
import gzip
import io
import json

import numpy as np
from astropy.io import fits

rng = np.random.default_rng(11)


def emit(name, columns, others=()):
    hdu = fits.BinTableHDU.from_columns(columns)
    buffer = io.BytesIO()
    fits.HDUList([fits.PrimaryHDU(), hdu]).writeto(buffer)
    numbers, text = {}, {}
    with fits.open(io.BytesIO(buffer.getvalue())) as opened:
        data = opened[1].data
        for column in opened[1].columns:
            if column.name in others:
                continue
            values = np.asarray(data[column.name])
            if values.dtype.kind in "US":
                text[column.name] = [str(value).strip() for value in values]
                continue
            missing = column.null
            numbers[column.name] = [
                None if v == missing or not np.isfinite(v) else float(v) for v in values.ravel().tolist()
            ] if missing is not None else [float(v) if np.isfinite(v) else None for v in values.ravel()]
    file = base64.b64encode(gzip.compress(buffer.getvalue(), mtime=0)).decode()
    print(json.dumps({"name": name, "file": file, "numbers": numbers, "text": text, "others": list(others)}))


emit("every type", [
    fits.Column("field_x", "D", array=rng.normal(0, 1e3, 5)),
    fits.Column("FLUX", "E", array=np.array([1.5, -2, np.nan, 0, 3e38], np.float32)),
    fits.Column("SMALL", "I", array=[-32768, 32767, 0, 1, -1]),
    fits.Column("INDEX_ID", "J", array=[-2**31, 2**31 - 1, 0, 1, -1]),
    fits.Column("IDS", "2K", array=np.array([[2**52, -(2**52)], [1, -1], [0, 7], [2**33, -(2**33)], [5, 6]])),
    fits.Column("BYTE", "B", array=[0, 1, 127, 128, 255]),
    fits.Column("PARITY", "L", array=[True, False, True, False, False]),
    fits.Column("NAME", "12A", array=["Vega", "", "Alp CMa", "a" * 12, " x"]),
    fits.Column("LETTER", "1A", array=["a", "b", "c", "d", "e"]),
    fits.Column("QUAD", "4D", array=rng.normal(0, 1, (5, 4))),
])
emit("scaled", [
    fits.Column("UNSIGNED", "J", bzero=2**31, array=np.array([0, 2**32 - 1, 5], np.uint32)),
    fits.Column("SCALED", "E", bscale=0.25, bzero=100, array=np.array([100.25, 90, 110.5], np.float32)),
    fits.Column("GAPS", "J", null=-99, array=[1, -99, 3]),
])
emit("what holds no numbers", [
    fits.Column("X", "D", array=[1.5, 2.5]),
    fits.Column("BITS", "11X", array=np.array([[True] * 11, [False] * 11])),
    fits.Column("HEAP", "PJ()", array=np.array([np.array([1, 2, 3]), np.array([4])], dtype=object)),
    fits.Column("COMPLEX", "C", array=np.array([1 + 2j, 3 - 4j])),
    fits.Column("Y", "D", array=[3.5, 4.5]),
], others=("BITS", "HEAP", "COMPLEX"))
emit("no rows", [fits.Column("X", "D", array=[]), fits.Column("Y", "D", array=[])])
