//! Prints what is read from a plan or state, or writes a large plan to try it on:
//! `plan FILE`, `plan --count FILE…`, `plan --generate 100000 > plan.json`.
#![expect(clippy::print_stdout, reason = "an example prints")]

use std::io::Write as _;

use onus_ingest::{MemoryWorld, Source};
use onus_model::{Files, Node, RawEstate, Value};
use onus_terraform::{TerraformPlan, TerraformState};

fn main() -> std::io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["--generate", count] => generate(count.parse().unwrap_or(0)),
        ["--count", paths @ ..] => paths.iter().try_for_each(|path| {
            for (files, estate) in read(path)? {
                count(path, &files, &estate);
            }
            Ok(())
        }),
        paths => paths.iter().try_for_each(|path| {
            for (files, estate) in read(path)? {
                print(&files, &estate);
            }
            Ok(())
        }),
    }
}

fn read(path: &str) -> std::io::Result<Vec<(Files, RawEstate)>> {
    let mut world = MemoryWorld::default();
    world.insert(path, &std::fs::read(path)?);
    let mut all = Vec::new();
    for source in [&TerraformPlan as &dyn Source, &TerraformState] {
        let files = Files::default();
        let tree = onus_ingest::Tree { files: vec![path.into()] };
        for root in source.find(&world, &files, &tree) {
            all.extend(
                source
                    .read(&world, &files, &root)
                    .into_iter()
                    .map(|estate| (Files::default(), estate)),
            );
        }
    }
    Ok(all)
}

fn count(path: &str, _: &Files, estate: &RawEstate) {
    let (mut references, mut unknowns) = (0, 0);
    for resource in &estate.resources {
        resource.attributes.walk(&mut |node: &Node| {
            references += node.references().len();
            unknowns += usize::from(matches!(node.value, Value::Unknown(_)));
        });
    }
    println!(
        "{path}: {}, {} resources, {references} references, {unknowns} unknowns, {} diagnostics",
        estate.scope.kind.name(),
        estate.resources.len(),
        estate.diagnostics.len()
    );
    for diagnostic in &estate.diagnostics {
        println!("  line {}: {}", diagnostic.span.line, diagnostic.message);
    }
}

fn print(_: &Files, estate: &RawEstate) {
    println!("{} {:?}", estate.scope.kind.name(), estate.scope.region.value);
    for resource in &estate.resources {
        println!("{} (line {})", resource.address, resource.span.line);
        for (name, node) in resource.attributes.as_map().into_iter().flat_map(|map| &map.entries) {
            let references: Vec<String> =
                node.references().iter().map(|r| format!("{}.{}", r.target, r.attribute)).collect();
            println!("  {name} = {:?} {}", node.value, references.join(" "));
        }
    }
}

/// A plan of buckets with their versioning, and of security groups.
fn generate(count: usize) -> std::io::Result<()> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    write!(
        out,
        r#"{{"format_version":"1.2","terraform_version":"1.9.0","planned_values":{{"root_module":{{"resources":["#
    )?;
    for index in 0..count {
        let comma = if index == 0 { "" } else { "," };
        let (kind, values, ..) = resource(index);
        write!(
            out,
            r#"{comma}{{"address":"{kind}.r{index}","mode":"managed","type":"{kind}","name":"r{index}","provider_name":"registry.terraform.io/hashicorp/aws","schema_version":0,"values":{values},"sensitive_values":{{"tags":{{}},"tags_all":{{}}}}}}"#
        )?;
    }
    write!(out, r#"]}}}},"resource_changes":["#)?;
    for index in 0..count {
        let comma = if index == 0 { "" } else { "," };
        let (kind, values, unknown, _) = resource(index);
        write!(
            out,
            r#"{comma}{{"address":"{kind}.r{index}","mode":"managed","type":"{kind}","name":"r{index}","provider_name":"registry.terraform.io/hashicorp/aws","change":{{"actions":["create"],"before":null,"after":{values},"after_unknown":{unknown},"before_sensitive":false,"after_sensitive":{{"tags":{{}},"tags_all":{{}}}}}}}}"#
        )?;
    }
    write!(
        out,
        r#"],"configuration":{{"provider_config":{{"aws":{{"name":"aws","expressions":{{"region":{{"constant_value":"eu-west-1"}}}}}}}},"root_module":{{"resources":["#
    )?;
    for index in 0..count {
        let comma = if index == 0 { "" } else { "," };
        let (kind, _, _, expressions) = resource(index);
        write!(
            out,
            r#"{comma}{{"address":"{kind}.r{index}","mode":"managed","type":"{kind}","name":"r{index}","provider_config_key":"aws","expressions":{expressions},"schema_version":0}}"#
        )?;
    }
    write!(out, "]}}}}}}")?;
    out.flush()
}

fn resource(index: usize) -> (&'static str, String, &'static str, String) {
    let tags = format!(
        r#""tags":{{"Name":"r{index}","Team":"payments"}},"tags_all":{{"Environment":"prod","Name":"r{index}","Team":"payments"}}"#
    );
    match index % 3 {
        0 => (
            "aws_s3_bucket",
            format!(r#"{{"bucket":"bucket-{index}-of-the-company","bucket_prefix":null,"force_destroy":false,"timeouts":null,{tags}}}"#),
            r#"{"acceleration_status":true,"acl":true,"arn":true,"bucket_domain_name":true,"cors_rule":true,"grant":true,"hosted_zone_id":true,"id":true,"lifecycle_rule":true,"logging":true,"object_lock_enabled":true,"policy":true,"region":true,"replication_configuration":true,"server_side_encryption_configuration":true,"tags":{},"tags_all":{},"versioning":true,"website":true}"#,
            format!(r#"{{"bucket":{{"constant_value":"bucket-{index}"}},"tags":{{"references":["local.tags"]}}}}"#),
        ),
        1 => (
            "aws_s3_bucket_versioning",
            r#"{"expected_bucket_owner":null,"mfa":null,"versioning_configuration":[{"status":"Enabled"}]}"#.into(),
            r#"{"bucket":true,"id":true,"versioning_configuration":[{"mfa_delete":true}]}"#,
            format!(
                r#"{{"bucket":{{"references":["aws_s3_bucket.r{0}.id","aws_s3_bucket.r{0}"]}},"versioning_configuration":[{{"status":{{"constant_value":"Enabled"}}}}]}}"#,
                index - 1
            ),
        ),
        _ => (
            "aws_security_group",
            format!(
                r#"{{"description":"Managed by Terraform","egress":[{{"cidr_blocks":["0.0.0.0/0"],"description":"","from_port":0,"ipv6_cidr_blocks":[],"prefix_list_ids":[],"protocol":"-1","security_groups":[],"self":false,"to_port":0}}],"ingress":[{{"cidr_blocks":["10.0.0.0/8"],"description":"https","from_port":443,"ipv6_cidr_blocks":[],"prefix_list_ids":[],"protocol":"tcp","security_groups":[],"self":false,"to_port":443}}],"name":"group-{index}","revoke_rules_on_delete":false,"timeouts":null,"vpc_id":"vpc-0123456789abcdef0",{tags}}}"#
            ),
            r#"{"arn":true,"egress":[{"cidr_blocks":[false],"ipv6_cidr_blocks":[],"prefix_list_ids":[],"security_groups":[]}],"id":true,"ingress":[{"cidr_blocks":[false],"ipv6_cidr_blocks":[],"prefix_list_ids":[],"security_groups":[]}],"name_prefix":true,"owner_id":true,"tags":{},"tags_all":{}}"#,
            r#"{"ingress":{"constant_value":[]},"name":{"constant_value":"x"},"vpc_id":{"references":["var.vpc_id"]}}"#.into(),
        ),
    }
}
