#!/usr/bin/env python3
"""Writes small FITS images of every kind with astropy, and the pixels that astropy reads back from them.

    astropy-images.py > astropy-images.jsonl

One JSON object a line: name, the file (gzip, base64), width, height, planes, and the physical values (null = none).
"""
import base64
import gzip
import io
import json
import warnings

import numpy as np
from astropy.io import fits

warnings.simplefilter("ignore")
rng = np.random.default_rng(7)
W, H = 23, 18


def sky(scale=1000.0, pedestal=200.0):
    y, x = np.mgrid[0:H, 0:W]
    image = rng.normal(pedestal, scale / 50, (H, W))
    for _ in range(6):
        cx, cy, peak = rng.uniform(0, W), rng.uniform(0, H), rng.uniform(0.1, 1) * scale
        image += peak * np.exp(-((x - cx) ** 2 + (y - cy) ** 2) / 3)
    return image


def emit(name, hdus, index=0):
    buffer = io.BytesIO()
    fits.HDUList(hdus).writeto(buffer)
    content = buffer.getvalue()
    with fits.open(io.BytesIO(content)) as opened:
        pixels = np.asarray(opened[index].data, dtype=np.float64)
    planes = 1 if pixels.ndim == 2 else pixels.shape[0]
    values = [float(np.float32(v)) if np.isfinite(v) else None for v in pixels.ravel()]
    print(json.dumps({
        "name": name,
        "file": base64.b64encode(gzip.compress(content, mtime=0)).decode(),
        "width": pixels.shape[-1], "height": pixels.shape[-2], "planes": planes,
        "values": values,
    }, separators=(",", ":")))


def primary(data, **cards):
    hdu = fits.PrimaryHDU(data)
    for key, value in cards.items():
        hdu.header[key.replace("_", "-")] = value
    return hdu


def plain():
    emit("uint8", [primary(np.clip(sky(200, 20), 0, 255).astype(np.uint8))])
    emit("int16", [primary((sky() - 300).astype(np.int16))])
    emit("uint16", [primary(sky(50000).astype(np.uint16))])
    emit("int32", [primary(sky(3e6).astype(np.int32))])
    emit("uint32", [primary(sky(3e9).astype(np.uint32))])
    emit("int64", [primary(sky(3e9).astype(np.int64))])
    with_nan = sky(1, 0.1).astype(np.float32)
    with_nan[3:5, 7] = np.nan
    with_nan[0, 0] = np.inf
    emit("float32 with NaN", [primary(with_nan)])
    emit("float64", [primary(sky(1, 0.1))])
    blank = sky().astype(np.int16)
    blank[2, 2:9] = -32768
    hdu = fits.PrimaryHDU(blank)
    hdu.header["BLANK"] = -32768
    emit("int16 with BLANK", [hdu])
    scaled = fits.PrimaryHDU(sky(1, 0.1).astype(np.float32))
    scaled.scale("int16", bzero=0.5, bscale=1e-4)
    emit("int16 with BSCALE", [scaled])
    emit("cube of uint16", [primary(np.array([sky(9000), sky(20000), sky(40000)]).astype(np.uint16))])
    emit("cube of float32", [primary(np.array([sky(1), sky(2), sky(3)]).astype(np.float32))])
    table = fits.BinTableHDU.from_columns([fits.Column("N", "J", array=np.arange(700))])
    emit("image behind a table", [fits.PrimaryHDU(), table, fits.ImageHDU(sky().astype(np.int16))], 2)


def compressed():
    small = sky(2000).astype(np.int16)
    floats = sky(1, 0.1).astype(np.float32)
    floats[4, 4:7] = np.nan
    masks = (sky() > 300).astype(np.uint8) * 3
    large = sky(3e6).astype(np.int32)
    cases = [
        ("RICE_1", "uint8", np.clip(sky(200, 20), 0, 255).astype(np.uint8), {}),
        ("RICE_1", "int16", small, {}),
        ("RICE_1", "uint16", sky(50000).astype(np.uint16), {}),
        ("RICE_1", "int32 noise", rng.integers(-(2**31), 2**31 - 1, (H, W)).astype(np.int32), {}),
        ("RICE_1", "int32 tiles", large, {"tile_size": (7, 5)}),
        ("RICE_1", "constant", np.full((H, W), 77, np.int16), {}),
        ("GZIP_1", "int16", small, {}),
        ("GZIP_2", "int32", large, {"tile_size": (W, H)}),
        ("GZIP_2", "int16 tiles", small, {"tile_size": (10, 4)}),
        ("PLIO_1", "mask", masks.astype(np.int16), {}),
        ("PLIO_1", "values", np.clip(small, 0, 4000).astype(np.int16), {}),
        ("HCOMPRESS_1", "int16", small, {"tile_size": (W, H)}),
        ("HCOMPRESS_1", "int32", large, {"tile_size": (W, H)}),
        ("HCOMPRESS_1", "int16 tiles", small, {"tile_size": (9, 6)}),
        ("HCOMPRESS_1", "int16 lossy", small, {"tile_size": (W, H), "hcomp_scale": 3}),
        ("HCOMPRESS_1", "float32", floats[8:, :], {"tile_size": (W, H - 8), "quantize_method": 1, "dither_seed": 5}),
        ("RICE_1", "float32 undithered", floats, {"quantize_method": -1}),
        ("RICE_1", "float32 dither 1", floats, {"quantize_method": 1, "dither_seed": 42}),
        ("RICE_1", "float32 dither 1, late seed", floats, {"quantize_method": 1, "dither_seed": 9995}),
        ("RICE_1", "float32 dither 2", np.where(floats > 0.6, 0, floats).astype(np.float32),
         {"quantize_method": 2, "dither_seed": 3}),
        ("GZIP_1", "float32 lossless", floats, {"quantize_level": 0}),
        ("GZIP_2", "float64 lossless", sky(1, 0.1), {"quantize_level": 0}),
        ("GZIP_2", "float32 dither 1", floats, {"quantize_method": 1, "dither_seed": 42}),
        ("RICE_1", "float64 dither 1", sky(1, 0.1), {"quantize_method": 1, "dither_seed": 42}),
        ("RICE_1", "float32 that cannot be quantized", np.full((H, W), 0.25, np.float32), {}),
        ("RICE_1", "cube of int16", np.array([small, small + 9, small - 7]), {}),
    ]
    for codec, name, data, options in cases:
        emit(f"{codec} {name}", [fits.PrimaryHDU(), fits.CompImageHDU(data, compression_type=codec, **options)], 1)


plain()
compressed()
