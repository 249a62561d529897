"""Places of satellites by python-sgp4, brought among the stars by astropy: {sets: [[name, line 1, line 2]], dates, site} -> [RA, Dec, km]."""
import json
import sys
import warnings

import astropy.units as u
import numpy as np
from astropy.coordinates import GCRS, ICRS, TEME, CartesianRepresentation, EarthLocation, SkyCoord
from astropy.time import Time
from astropy.utils import iers
from sgp4.api import Satrec

warnings.simplefilter("ignore")
iers.conf.auto_download = False
iers.conf.iers_degraded_accuracy = "ignore"
LIGHT_KM_S = 299792.458

question = json.load(sys.stdin)
where = question["site"]
site = EarthLocation.from_geodetic(where["lon"] * u.deg, where["lat"] * u.deg, where["alt"] * u.m)
answers = []
for _, first, second in question["sets"]:
    satellite = Satrec.twoline2rv(first, second)
    for iso in question["dates"]:
        time = Time(iso.replace("Z", ""), scale="utc")
        # The clock of a camera is all that is known: UT1 is taken for UTC.
        time.delta_ut1_utc = 0
        observer = site.get_gcrs(time).cartesian.xyz.to_value(u.km)
        travel = 0
        for _ in range(3):
            error, place, _ = satellite.sgp4(time.jd1, time.jd2 - travel / 86400)
            frame = TEME(CartesianRepresentation(place * u.km), obstime=time)
            seen = frame.transform_to(GCRS(obstime=time)).cartesian.xyz.to_value(u.km) - observer
            distance = float(np.linalg.norm(seen))
            travel = distance / LIGHT_KM_S
        away = SkyCoord(CartesianRepresentation(seen / distance), frame=GCRS(obstime=time)).spherical
        star = SkyCoord(away.lon, away.lat, frame=GCRS(obstime=time)).transform_to(ICRS())
        answers.append([star.ra.deg, star.dec.deg, distance])
json.dump(answers, sys.stdout)
