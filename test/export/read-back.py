#!/usr/bin/env python3
"""Reads exports with the libraries that other programs read them with.

    read-back.py < MANIFEST.json > ANSWERS.json

The manifest is a list of {"kind", "file", "points": [[x, y], ...]}; the answer to each says where the points look, or what is there.
"""
import base64
import contextlib
import io
import json
import sys
import warnings
import zipfile
from xml.etree import ElementTree

import numpy as np
from astropy import units as u
from astropy.io import fits
from astropy.wcs import WCS

warnings.simplefilter("ignore")


def places(wcs, points):
    """RA and Dec of pixels that are counted from 1."""
    at = np.array(points, dtype=float)
    return np.column_stack(wcs.all_pix2world(at[:, 0], at[:, 1], 1)).tolist()


def read_fits(file, points):
    with fits.open(file) as opened:
        header = opened[0].header
        cube = opened[0].data
        return {
            "sky": places(WCS(header, naxis=2), points),
            "shape": None if cube is None else list(cube.shape),
        }


def read_ini(file, points):
    header = fits.Header()
    header["CTYPE1"], header["CTYPE2"] = "RA---TAN", "DEC--TAN"
    texts = dict(line.split("=", 1) for line in open(file, newline="").read().split("\n") if line)
    for name, text in texts.items():
        if name.startswith(("CRPIX", "CRVAL", "CD1_", "CD2_")):
            header[name] = float(text)
    turned = fits.Header(header, copy=True)
    for name in ["CD1_1", "CD1_2", "CD2_1", "CD2_2"]:
        del turned[name]
    for name in ["CDELT1", "CDELT2", "CROTA2"]:
        turned[name] = float(texts[name])
    return {
        "sky": places(WCS(header), points),
        "turned": places(WCS(turned), points),
        "solved": texts["PLTSOLVD"],
        "warning": texts.get("WARNING"),
    }


def read_avm(file, points):
    from pyavm import AVM

    with contextlib.redirect_stdout(io.StringIO()):
        avm = AVM.from_xml_file(file) if file.endswith(".xmp") else AVM.from_image(file)
        sky = places(avm.to_wcs(), points)
    whole = avm.Spatial.FITSheader
    return {
        "sky": sky,
        "whole": places(WCS(fits.Header.fromstring(whole, sep="\n")), points) if whole else None,
        "size": [int(length) for length in avm.Spatial.ReferenceDimension],
        "subject": [str(name) for name in avm.Subject.Name or []],
    }


def read_ds9(file, _points):
    from regions import Regions

    shapes = []
    for region in Regions.read(file, format="ds9"):
        shape = {"type": type(region).__name__, "text": region.meta.get("text")}
        if hasattr(region, "vertices"):
            shape["vertices"] = np.column_stack([region.vertices.ra.deg, region.vertices.dec.deg]).tolist()
        else:
            shape["center"] = [region.center.ra.deg, region.center.dec.deg]
        if hasattr(region, "radius"):
            shape["radius"] = region.radius.to_value(u.arcmin)
        if hasattr(region, "angle"):
            # The direction of the height of an ellipse, as a position angle: 90 degrees on from that of its width, which
            # is measured from the west, where a picture with north up has its x axis.
            shape["axes"] = [region.height.to_value(u.arcmin), region.width.to_value(u.arcmin)]
            shape["position_angle"] = region.angle.to_value(u.deg) % 180
        shapes.append(shape)
    return {"shapes": shapes}


def read_kml(file, _points):
    return kml_features(open(file, "rb").read())


def read_kmz(file, _points):
    """The document of the archive, the picture that it lays on the sky, and where the corners of that are."""
    with zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        text = archive.read(names[0])
        overlay = ElementTree.fromstring(text).find(".//{*}GroundOverlay")
        picture = archive.read(overlay.find(".//{*}href").text)
    quad = overlay.find(".//{http://www.google.com/kml/ext/2.2}LatLonQuad/{*}coordinates").text
    return {
        **kml_features(text),
        "names": names,
        "picture": base64.b64encode(picture).decode(),
        "quad": [[float(value) for value in place.split(",")[:2]] for place in quad.split()],
    }


def kml_features(text):
    from fastkml import kml

    document = kml.KML()
    document.from_string(text)

    def features(of):
        for feature in of.features():
            if hasattr(feature, "features"):
                yield from features(feature)
            elif getattr(feature, "geometry", None) is not None:
                coords = [list(place[:2]) for place in feature.geometry.coords]
                yield {"name": feature.name, "type": feature.geometry.geom_type, "places": coords}

    return {"features": list(features(document))}


READERS = {"fits": read_fits, "ini": read_ini, "avm": read_avm, "ds9": read_ds9, "kml": read_kml, "kmz": read_kmz}
json.dump([READERS[one["kind"]](one["file"], one.get("points")) for one in json.load(sys.stdin)], sys.stdout)
