"""A bill of materials in CycloneDX 1.6, of what ships."""

from collections.abc import Mapping
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, XsUri
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import LicenseExpression
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

from deploy.supply.licences import UNKNOWN, licence_of
from deploy.supply.lock import Pin
from deploy.supply.shipped import OURSELVES, Shipped
from deploy.supply.wordings import LIBRARIES


def bill_of_materials(
    ourselves: str, packages: Mapping[str, Shipped], pins: Mapping[str, Pin]
) -> str:
    """CycloneDX as JSON.

    Args:
        ourselves: our version.
        packages: what ships, by name.
        pins: of the lock, by name.
    """
    components = {name: _component(each, pins[name]) for name, each in packages.items()}
    root = Component(
        name=OURSELVES,
        version=ourselves,
        type=ComponentType.APPLICATION,
        bom_ref=OURSELVES,
        purl=PackageURL("pypi", name=OURSELVES, version=ourselves),
    )
    bom = Bom(components=components.values())
    bom.metadata.component = root
    # The same packages make the same number.
    told = " ".join(sorted(str(each.purl) for each in [root, *components.values()]))
    bom.serial_number = uuid5(NAMESPACE_URL, told)
    for name, package in packages.items():
        bom.register_dependency(components[name], [components[each] for each in package.needs])
    needed = {each for package in packages.values() for each in package.needs}
    bom.register_dependency(root, [components[each] for each in packages if each not in needed])
    return JsonV1Dot6(bom).output_as_string(indent=2)


def _component(package: Shipped, pin: Pin) -> Component:
    licence = licence_of(package.installed)
    return Component(
        name=package.name,
        version=package.version,
        type=ComponentType.LIBRARY,
        bom_ref=f"{package.name}=={package.version}",
        purl=PackageURL("pypi", name=package.name, version=package.version),
        licenses=[] if licence == UNKNOWN else [LicenseExpression(licence)],
        external_references=[_files(pin)],
        components=[_library(package, each) for each in sorted(package.libraries)],
    )


def _files(pin: Pin) -> ExternalReference:
    return ExternalReference(
        type=ExternalReferenceType.DISTRIBUTION,
        url=XsUri(f"https://pypi.org/project/{pin.name}/{pin.version}/#files"),
        comment="One hash for each wheel and for the source; that of any of them is right.",
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=each) for each in pin.hashes],
    )


def _library(package: Shipped, name: str) -> Component:
    """One that the wheel carries; of which version, wheels do not tell alike."""
    licence = LIBRARIES.get(name, UNKNOWN)
    return Component(
        name=name,
        type=ComponentType.LIBRARY,
        bom_ref=f"{package.name}=={package.version}/{name}",
        licenses=[] if licence == UNKNOWN else [LicenseExpression(licence)],
    )
