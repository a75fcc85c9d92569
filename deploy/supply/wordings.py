"""Licences as packages word them, and what they are called in SPDX."""

WORDINGS = {
    "3-Clause BSD License": "BSD-3-Clause",
    "Apache 2.0": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "Apache-2.0": "Apache-2.0",
    "BSD-3-Clause": "BSD-3-Clause",
    "ISC License": "ISC",
    "MIT": "MIT",
    "MIT License": "MIT",
    "MPL-2.0": "MPL-2.0",
    "OSI Approved :: MIT License": "MIT",
}
"""The field `License`, or the one classifier of a package that has none."""

LOOKED_UP = {
    # Their classifier says only BSD; their licence files have three clauses.
    "itsdangerous": "BSD-3-Clause",
    "jinja2": "BSD-3-Clause",
    # "LGPL", and version 3 in its file.
    "pebble": "LGPL-3.0-or-later",
    # Its classifier means libheif, which its wheel carries: see LIBRARIES.
    "pi-heif": "BSD-3-Clause",
    # PDFium and what it is built of: BSD, Apache, MIT, zlib, FreeType, IJG, ICU.
    "pypdfium2": "Apache-2.0 AND BSD-3-Clause",
    # "Dual License": what came after 2017 is under either, what came before under BSD.
    "python-dateutil": "BSD-3-Clause",
}
"""Packages whose metadata leave it open."""

LIBRARIES = {
    "libXau": "MIT",
    "libaom": "BSD-2-Clause",
    "libavcodec": "LGPL-2.1-or-later",
    "libavformat": "LGPL-2.1-or-later",
    "libavif": "BSD-2-Clause",
    "libavutil": "LGPL-2.1-or-later",
    "libbrotlicommon": "MIT",
    "libbrotlidec": "MIT",
    "libcom_err": "MIT",
    "libcrypt": "LGPL-2.1-or-later",
    "libcrypto": "Apache-2.0 OR OpenSSL",
    "libde265": "LGPL-3.0-or-later",
    "libdrm": "MIT",
    "libfreetype": "FTL",
    "libgfortran": "GPL-3.0-or-later WITH GCC-exception-3.1",
    "libgssapi_krb5": "MIT",
    "libharfbuzz": "MIT",
    "libheif": "LGPL-3.0-or-later",
    "libjbig": "GPL-2.0-or-later",
    "libjpeg": "IJG",
    "libk5crypto": "MIT",
    "libkeyutils": "LGPL-2.1-or-later",
    "libkrb5": "MIT",
    "libkrb5support": "MIT",
    "liblber": "OLDAP-2.8",
    "liblcms2": "MIT",
    "libldap": "OLDAP-2.8",
    "libleptonica": "BSD-2-Clause",
    "liblzma": "0BSD",
    "libopenblasp": "BSD-3-Clause",
    "libopenjp2": "BSD-2-Clause",
    "libpng16": "libpng-2.0",
    "libpq": "PostgreSQL",
    "libquadmath": "LGPL-2.1-or-later",
    "libsasl2": "BSD-3-Clause-Attribution",
    "libscipy_openblas64_": "BSD-3-Clause",
    "libsharpyuv": "BSD-3-Clause",
    "libssl": "Apache-2.0 OR OpenSSL",
    "libswresample": "LGPL-2.1-or-later",
    "libswscale": "LGPL-2.1-or-later",
    "libtesseract": "Apache-2.0",
    "libtiff": "libtiff",
    "libvpx": "BSD-3-Clause",
    "libwebp": "BSD-3-Clause",
    "libwebpdemux": "BSD-3-Clause",
    "libwebpmux": "BSD-3-Clause",
    "libxcb": "MIT",
    "libzstd": "BSD-3-Clause",
}
"""Shared libraries that wheels carry. Wheels say nothing of them in their metadata."""
