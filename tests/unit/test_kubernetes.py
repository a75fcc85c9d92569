"""The manifests are valid, belong together, and fit what the programs do."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

import kubernetes_validate  # type: ignore[import-untyped]  # it has no types
import pytest
import yaml

from consumers.settings import Settings, load_settings
from consumers.stream import Keys
from consumers.supervisor import CLOSING
from tests.prometheus import CONFIGURATION, complaints

Document = dict[str, Any]

FOLDER = Path(__file__).parents[2] / "deploy" / "kubernetes"
BASE = FOLDER / "base"
KEDA = FOLDER / "components" / "keda"
PRODUCTION = FOLDER / "overlays" / "production"
OVERLAYS = sorted((FOLDER / "overlays").iterdir())
EXAMPLE = BASE / "secret.example.yaml"
KUBERNETES = "1.33"
OF_OPERATORS = {"ScaledObject", "TriggerAuthentication", "PodMonitor", "PrometheusRule"}
"""Kinds that no schema of Kubernetes's own describes."""

needs_kubectl = pytest.mark.skipif(shutil.which("kubectl") is None, reason="there is no kubectl")


def load(file: Path) -> list[Document]:
    return [each for each in yaml.safe_load_all(file.read_text()) if each]


def kustomization(folder: Path) -> Document:
    (found,) = load(folder / "kustomization.yaml")
    return found


def files(folder: Path) -> Iterator[Path]:
    """Those of the resources that a kustomization names, in the folders that it leads to."""
    found = kustomization(folder)
    for name in (*found.get("resources", ()), *found.get("components", ())):
        path = (folder / name).resolve()
        if path.is_dir():
            yield from files(path)
        else:
            yield path


def documents(folder: Path = PRODUCTION) -> list[Document]:
    return [each for file in files(folder) for each in load(file)]


def named(kind: str, name: str) -> Document:
    (found,) = (
        each for each in documents() if each["kind"] == kind and each["metadata"]["name"] == name
    )
    return found


def pods() -> dict[str, Document]:
    """The pods of all workloads, by their component."""
    templates = [
        each["spec"]["template"] for each in documents() if "template" in each.get("spec", ())
    ]
    return {
        each["metadata"]["labels"]["app.kubernetes.io/component"]: each["spec"]
        for each in templates
    }


def container(component: str) -> Document:
    (found,) = pods()[component]["containers"]
    return dict(found)


def rendered(folder: Path) -> list[Document]:
    done = subprocess.run(
        ["kubectl", "kustomize", folder], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return list(yaml.safe_load_all(done.stdout))


def complaint(document: Document) -> str:
    """What is wrong with a document of a kind of Kubernetes's own; unknown keys are."""
    try:
        kubernetes_validate.validate(document, KUBERNETES, strict=True)
    except kubernetes_validate.ValidationError as error:
        return f"{document['kind']} {document['metadata']['name']}: {error.message}"
    return ""


def environment() -> dict[str, str]:
    """What a pod of the base has, with the example for its secrets."""
    lines = (BASE / "settings.env").read_text().splitlines()
    settings = dict(line.split("=", 1) for line in lines if not line.startswith("#"))
    secrets: dict[str, str] = load(EXAMPLE)[0]["stringData"]
    return settings | secrets


@pytest.mark.parametrize("folder", [BASE, *OVERLAYS], ids=lambda folder: folder.name)
def test_what_a_kustomization_names_is_there_and_what_it_patches_too(folder: Path) -> None:
    there = {(each["kind"], each["metadata"]["name"]) for each in documents(folder)}
    components = [(folder / each).resolve() for each in kustomization(folder).get("components", ())]

    for each in (folder, *components):
        for patch in kustomization(each).get("patches", ()):
            assert (patch["target"]["kind"], patch["target"]["name"]) in there


def test_every_manifest_is_named_by_one() -> None:
    found = set(FOLDER.rglob("*.yaml")) - set(FOLDER.rglob("kustomization.yaml"))

    assert found == {*files(PRODUCTION), EXAMPLE}


@pytest.mark.parametrize(
    "document",
    [each for each in (*documents(), *load(EXAMPLE)) if each["kind"] not in OF_OPERATORS],
    ids=lambda each: f"{each['kind']}-{each['metadata']['name']}",
)
def test_a_manifest_is_what_kubernetes_knows(document: Document) -> None:
    assert complaint(document) == ""


def test_a_key_that_is_none_is_noticed() -> None:
    document = named("Deployment", "cricksy-ocr-worker")
    document["spec"]["template"]["spec"]["terminationGracePeriod"] = 90

    assert "terminationGracePeriod" in complaint(document)


@needs_kubectl
@pytest.mark.parametrize("folder", [BASE, *OVERLAYS], ids=lambda folder: folder.name)
def test_an_overlay_renders_to_valid_manifests(folder: Path) -> None:
    found = [each for each in rendered(folder) if each["kind"] not in OF_OPERATORS]

    assert found
    assert "".join(map(complaint, found)) == ""
    spaces = {each["metadata"].get("namespace", "cricksy-ocr") for each in found}
    assert spaces == {"cricksy-ocr"}


@needs_kubectl
def test_keda_alone_says_how_many_replicas_there_are() -> None:
    workers = [
        each
        for each in rendered(PRODUCTION)
        if (each["kind"], each["metadata"]["name"]) == ("Deployment", "cricksy-ocr-worker")
    ]

    assert ["replicas" in each["spec"] for each in workers] == [False]


@pytest.mark.parametrize("component", pods())
def test_a_pod_has_no_rights_and_writes_to_tmp_alone(component: str) -> None:
    pod, of_container = pods()[component], container(component)

    assert pod["securityContext"] == {
        "runAsNonRoot": True,
        "runAsUser": 10001,
        "runAsGroup": 10001,
        "seccompProfile": {"type": "RuntimeDefault"},
    }
    assert of_container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert of_container["volumeMounts"] == [{"name": "tmp", "mountPath": "/tmp"}]
    assert pod["automountServiceAccountToken"] is pod["enableServiceLinks"] is False
    assert of_container["resources"]["limits"]["memory"]
    assert of_container["image"] == "cricksy-ocr"
    assert {tuple(each) for each in of_container["envFrom"]} == {("configMapRef",), ("secretRef",)}


def test_the_settings_make_a_configuration_that_fits_the_pods(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for key, value in environment().items():
        monkeypatch.setenv(key, value)
    settings = load_settings()
    worker = container("worker")
    grace = timedelta(seconds=pods()["worker"]["terminationGracePeriodSeconds"])

    assert worker["command"] == ["faststream", "run", "consumers.app:app"]
    assert worker["ports"] == [{"name": "probes", "containerPort": settings.probe_port}]
    assert settings.concurrency == int(worker["resources"]["requests"]["cpu"])
    assert grace >= settings.shutdown_grace_seconds + CLOSING
    assert worker["livenessProbe"]["httpGet"] == {"path": "/livez", "port": "probes"}
    assert worker["readinessProbe"]["httpGet"] == {"path": "/readyz", "port": "probes"}


def test_the_image_has_the_version_of_this_project() -> None:
    tags = {
        each["newTag"] for folder in (BASE, PRODUCTION) for each in kustomization(folder)["images"]
    }

    assert tags == {version("cricksy-ocr")}


def test_pods_may_speak_to_the_servers_that_the_example_names() -> None:
    rules = named("NetworkPolicy", "cricksy-ocr")["spec"]["egress"]
    allowed = {each["port"] for rule in rules for each in rule["ports"]}
    example = [value for each in load(EXAMPLE) for value in each["stringData"].values()]
    asked = {int(port) for port in re.findall(r"example\.org:(\d+)", " ".join(example))}

    assert asked
    assert asked <= allowed
    assert 80 not in allowed


def test_keda_counts_what_waits_and_what_is_in_work_and_what_is_tried_again() -> None:
    keys = Keys(Settings.model_fields["stream"].default, "ocr")
    scaled = named("ScaledObject", "cricksy-ocr-worker")["spec"]
    length, retries, archive = scaled["triggers"]

    assert (length["type"], length["metadata"]["stream"]) == ("redis-streams", keys.stream)
    # With a group named, KEDA counts its lag or its pending entries, and not the length.
    assert "consumerGroup" not in length["metadata"]
    assert int(length["metadata"]["streamLength"]) > int(environment()["CRICKSY_CONCURRENCY"])
    assert (retries["type"], retries["metadata"]["listName"]) == ("redis", keys.retry)
    assert (archive["type"], archive["metadata"]["stream"]) == ("redis-streams", keys.backfill)
    assert int(archive["metadata"]["streamLength"]) >= 1_000_000
    assert scaled["minReplicaCount"] == 0
    assert scaled["maxReplicaCount"] == 10
    assert scaled["scaleTargetRef"]["name"] == "cricksy-ocr-worker"


def test_keda_finds_all_that_it_needs_in_the_secret_of_the_example() -> None:
    (secret,) = (each for each in load(EXAMPLE) if each["metadata"]["name"] == "cricksy-ocr-redis")
    wanted = named("TriggerAuthentication", "cricksy-ocr-redis")["spec"]["secretTargetRef"]

    assert {each["name"] for each in wanted} == {secret["metadata"]["name"]}
    assert {each["key"] for each in wanted} == set(secret["stringData"])


def test_the_operator_judges_the_same_rules_as_a_plain_prometheus() -> None:
    (plain,) = load(CONFIGURATION.with_name("alerts.rules.yml"))

    assert named("PrometheusRule", "cricksy-ocr")["spec"] == plain


def test_the_operator_scrapes_replicas_as_the_rules_expect_them() -> None:
    monitor = named("PodMonitor", "cricksy-ocr")["spec"]
    deployment = named("Deployment", "cricksy-ocr-worker")
    worker = deployment["spec"]["template"]["metadata"]["labels"]

    assert monitor["selector"]["matchLabels"].items() <= worker.items()
    assert worker[monitor["jobLabel"]] == "cricksy-ocr"
    assert monitor["podMetricsEndpoints"][0]["port"] == container("worker")["ports"][0]["name"]


def test_no_replica_is_an_alert_in_production_only_while_keda_wants_one(tmp_path: Path) -> None:
    rule = named("PrometheusRule", "cricksy-ocr")["spec"]["groups"][0]["rules"][0]
    (patch,) = kustomization(PRODUCTION)["patches"]
    check, change = yaml.safe_load(patch["patch"])
    assert rule["alert"] == check["value"] == "CricksyNoReplica"
    rules, test = tmp_path / "rules.yml", tmp_path / "test.yml"
    group = {"name": "production", "rules": [{**rule, "expr": change["value"]}]}
    rules.write_text(yaml.safe_dump({"groups": [group]}))
    wanted = 'kube_deployment_spec_replicas{deployment="cricksy-ocr-worker"}'
    fired = {"exp_labels": rule["labels"], "exp_annotations": rule["annotations"]}
    case = {
        "interval": "15s",
        # None is wanted for five minutes, then one, and nobody answers.
        "input_series": [{"series": wanted, "values": "0x20 1x20"}],
        "alert_rule_test": [
            {"alertname": rule["alert"], "eval_time": "4m", "exp_alerts": []},
            {"alertname": rule["alert"], "eval_time": "8m", "exp_alerts": [fired]},
        ],
    }
    test.write_text(yaml.safe_dump({"rule_files": [str(rules)], "tests": [case]}))

    assert complaints("test", "rules", test) == ""
