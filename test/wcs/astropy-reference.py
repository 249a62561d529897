#!/usr/bin/env python3
"""Writes plate solutions of every kind, and where astropy (wcslib) says that their pixels look.

    astropy-reference.py [SEED [COUNT]] > astropy-reference.jsonl

Scales from 0.3"/px to fields of 100 degrees, both poles, RA wrap, either parity, CD, PC with CDELT, CDELT with CROTA2,
swapped axes, unusual LONPOLE, and SIP of orders 2 to 5 with and without an inverse. The same seed gives the same file.
"""
import json
import sys
import warnings

import numpy as np
from astropy.io import fits
from astropy.wcs import WCS

warnings.simplefilter("ignore")

PLACES = [
    (83.633, 22.014), (0.0, 0.0), (359.99999, -0.00001), (0.00001, 45.0), (180.0, -60.0),
    (12.5, 90.0), (200.0, -90.0), (77.0, 89.9999), (310.0, -89.99), (45.0, 88.0), (266.4, -29.0),
]


def fitted_inverse(forward, order, width, height, crpix):
    """AP and BP by least squares, as solvers write them."""
    x, y = np.meshgrid(np.linspace(1, width, 20), np.linspace(1, height, 20))
    u, v = (x - crpix[0]).ravel(), (y - crpix[1]).ravel()
    a, b = forward
    U = u + sum(c * u**p * v**q for (p, q), c in a.items())
    V = v + sum(c * u**p * v**q for (p, q), c in b.items())
    size = max(width, height)
    powers = [(p, q) for p in range(order + 1) for q in range(order + 1 - p)]
    terms = np.array([(U / size) ** p * (V / size) ** q for p, q in powers]).T
    return [
        {pq: c / size ** sum(pq) for pq, c in zip(powers, np.linalg.lstsq(terms, wanted, rcond=None)[0])}
        for wanted in (u - U, v - V)
    ]


def make_case(rng, index):
    header = fits.Header()
    width, height = int(rng.integers(200, 9600)), int(rng.integers(200, 6400))
    if index % 10 == 9:
        field = rng.uniform(60, 100)
    else:
        field = np.exp(rng.uniform(np.log(0.3 / 3600 * width), np.log(40)))
    scale = np.degrees(2 * np.tan(np.radians(field / 2))) / width
    angle = np.radians(rng.choice([0, 90, 180, 270, rng.uniform(0, 360)]))
    parity = -1 if index % 2 else 1
    cos, sin = np.cos(angle), np.sin(angle)
    shear = rng.uniform(-0.01, 0.01)
    cd = scale * np.array([[parity * cos, -sin + shear], [parity * sin, cos * rng.uniform(0.98, 1.02)]])
    crval = PLACES[index % len(PLACES)] if index % 3 else (rng.uniform(0, 360), np.degrees(np.arcsin(rng.uniform(-1, 1))))
    crpix = (
        [(width + 1) / 2, (height + 1) / 2]
        if index % 4 == 0
        else [rng.uniform(0.2, 0.8) * width, rng.uniform(0.2, 0.8) * height]
    )
    order = [0, 2, 3, 4, 5][index % 5]
    suffix = "-SIP" if order else ""
    swapped = index % 17 == 16
    types = ["RA---TAN" + suffix, "DEC--TAN" + suffix]
    if swapped:
        types, crval, cd = types[::-1], crval[::-1], cd[::-1]
    header["NAXIS"] = 2
    header["NAXIS1"], header["NAXIS2"] = width, height
    header["CTYPE1"], header["CTYPE2"] = types
    header["CRVAL1"], header["CRVAL2"] = crval
    header["CRPIX1"], header["CRPIX2"] = crpix
    form = ["CD", "CD", "PC", "CROTA"][index // 2 % 4]
    if form == "CD" or swapped:
        form = "CD"
        for i in (1, 2):
            for j in (1, 2):
                header[f"CD{i}_{j}"] = cd[i - 1, j - 1]
    elif form == "PC":
        header["CDELT1"], header["CDELT2"] = scale, scale * 1.5
        for i in (1, 2):
            for j in (1, 2):
                header[f"PC{i}_{j}"] = cd[i - 1, j - 1] / header[f"CDELT{i}"]
    else:
        header["CDELT1"], header["CDELT2"] = parity * scale, scale * 1.01
        header["CROTA2"] = np.degrees(angle)
    if index % 13 == 12:
        header["LONPOLE"] = rng.choice([0.0, 150.0, 200.5])
    elif index % 2:
        header["LONPOLE"] = 180.0
    if order:
        reach = np.hypot(width, height) / 2
        strength = rng.uniform(0.0005, 0.01) * reach
        powers = [(p, q) for p in range(order + 1) for q in range(order + 1 - p) if p + q >= 2]
        a, b = ({pq: rng.uniform(-1, 1) * strength / reach ** sum(pq) / order for pq in powers} for _ in "ab")
        polynomials = {"A": a, "B": b}
        if index % 3 == 0:
            polynomials["AP"], polynomials["BP"] = fitted_inverse((a, b), order, width, height, crpix)
        for name, terms in polynomials.items():
            header[f"{name}_ORDER"] = order
            for (p, q), value in terms.items():
                header[f"{name}_{p}_{q}"] = float(f"{value:.12g}")
    xs, ys = (np.array([0.5, 1 + (size - 1) * 0.37, size + 0.5]) for size in (width, height))
    x, y = (axis.ravel() for axis in np.meshgrid(xs, ys))
    sky = WCS(header).all_pix2world(np.array([x, y]).T, 1)
    if swapped:
        sky = sky[:, ::-1]
    cards = [str(card).rstrip() for card in header.cards]
    points = [[float(n) for n in row] for row in np.column_stack([x, y, sky])]
    return {"cards": cards, "points": points}


def main():
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 240
    rng = np.random.default_rng(seed)
    for index in range(count):
        print(json.dumps(make_case(rng, index), separators=(",", ":")))


main()
