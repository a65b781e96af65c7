//! Plans and states, written for these tests.

use onus_ingest::{MemoryWorld, Source};
use onus_model::{Files, Level, Presence, RawEstate, RawResource, Reason, Span, Unknown, Value};

use super::{TerraformPlan, TerraformState};

const PLAN: &str = r#"{
  "format_version": "1.2",
  "terraform_version": "1.9.0",
  "variables": {"region": {"value": "eu-west-1"}},
  "planned_values": {"root_module": {"resources": [
    {"address": "aws_s3_bucket.b[\"a.b\"]", "mode": "managed", "type": "aws_s3_bucket", "name": "b", "values": {}},
    {"address": "aws_sqs_queue.old", "mode": "managed", "type": "aws_sqs_queue", "name": "old", "values": {"name": "kept", "policy": null}}
  ], "child_modules": [{"address": "module.m", "resources": []}]}},
  "resource_changes": [
    {"address": "aws_s3_bucket.b[\"a.b\"]", "mode": "managed", "type": "aws_s3_bucket", "name": "b", "index": "a.b",
     "change": {"actions": ["create"], "after": {"bucket": "x", "acl": null}, "after_unknown": {"arn": true, "id": true, "policy": true}}},
    {"address": "aws_s3_bucket.b[\"c\"]", "mode": "managed", "type": "aws_s3_bucket", "name": "b", "index": "c",
     "change": {"actions": ["no-op"], "after": {"bucket": "y"}, "after_unknown": {}}},
    {"address": "aws_s3_bucket_versioning.v[\"c\"]", "mode": "managed", "type": "aws_s3_bucket_versioning", "name": "v",
     "change": {"actions": ["create"], "after": {"versioning_configuration": [{"status": "Enabled"}]},
                "after_unknown": {"bucket": true, "versioning_configuration": [{"mfa_delete": true}]}}},
    {"address": "module.m.aws_db_instance.d[0]", "mode": "managed", "type": "aws_db_instance", "name": "d",
     "change": {"actions": ["delete", "create"], "after": {"password": "hunter2", "username": "", "engine": "mysql"},
                "after_unknown": {"kms_key_id": true, "endpoint": true}, "after_sensitive": {"password": true, "username": true}}},
    {"address": "aws_kms_key.k", "mode": "managed", "type": "aws_kms_key", "name": "k",
     "change": {"actions": ["create"], "after": {}, "after_unknown": {"arn": true}}},
    {"address": "aws_sns_topic.t", "mode": "managed", "type": "aws_sns_topic", "name": "t",
     "change": {"actions": ["create"], "after": {}, "after_unknown": {"kms_master_key_id": true}}},
    {"address": "aws_s3_bucket.gone", "mode": "managed", "type": "aws_s3_bucket", "name": "gone",
     "change": {"actions": ["delete"], "after": null, "after_unknown": {}}},
    {"address": "data.aws_caller_identity.me", "mode": "data", "type": "aws_caller_identity", "name": "me",
     "change": {"actions": ["read"], "after": {}, "after_unknown": {"id": true}}}
  ],
  "deferred_changes": [{"reason": "unknown", "resource_change":
    {"address": "aws_eip.later", "mode": "managed", "type": "aws_eip", "name": "later", "change": {"actions": ["create"], "after": {}}}}],
  "configuration": {
    "provider_config": {
      "aws": {"name": "aws", "expressions": {"region": {"references": ["var.region"]}}},
      "aws.us": {"name": "aws", "alias": "us", "expressions": {"region": {"constant_value": "us-east-1"}}}
    },
    "root_module": {
      "resources": [
        {"address": "aws_s3_bucket.b", "provider_config_key": "aws.us", "expressions": {"bucket": {"references": ["each.value"]}}},
        {"address": "aws_s3_bucket_versioning.v", "provider_config_key": "aws",
         "expressions": {"bucket": {"references": ["aws_s3_bucket.b", "each.key"]}, "versioning_configuration": [{"status": {"constant_value": "Enabled"}}]},
         "depends_on": ["aws_kms_key.k"]},
        {"address": "aws_kms_key.k", "provider_config_key": "aws", "expressions": {}},
        {"address": "aws_sns_topic.t", "provider_config_key": "aws", "expressions": {"kms_master_key_id": {"references": ["module.m.key", "module.m"]}}}
      ],
      "module_calls": {"m": {
        "source": "./m",
        "expressions": {"key": {"references": ["aws_kms_key.k.arn", "aws_kms_key.k"]}},
        "module": {
          "outputs": {"key": {"expression": {"references": ["var.key"]}}},
          "resources": [{"address": "aws_db_instance.d", "provider_config_key": "module.m:aws",
            "expressions": {"kms_key_id": {"references": ["var.key"]}, "count": {"constant_value": 1}}}]
        }
      }}
    }
  }
}"#;

fn read(source: &dyn Source, text: &str) -> RawEstate {
    let world = MemoryWorld::new([("x.json", text)]);
    let files = Files::default();
    let roots = source.find(&world, &files, &world.tree());
    assert_eq!(roots.len(), 1, "{} is not recognised", source.name());
    source.read(&world, &files, &roots[0]).remove(0)
}

fn resource<'e>(estate: &'e RawEstate, address: &str) -> &'e RawResource {
    let found = estate.resources.iter().find(|resource| resource.address == address);
    found.unwrap_or_else(|| panic!("no {address}"))
}

fn unknown<'e>(estate: &'e RawEstate, address: &str, attribute: &str) -> &'e Unknown {
    match &resource(estate, address).attributes.get(attribute).unwrap().value {
        Value::Unknown(unknown) => unknown,
        other => panic!("{address}.{attribute} is {other:?}"),
    }
}

fn references(estate: &RawEstate, address: &str, attribute: &str) -> Vec<String> {
    let node = resource(estate, address).attributes.get(attribute).unwrap();
    node.references().iter().map(|r| format!("{} {}", r.target, r.attribute)).collect()
}

#[test]
fn a_plan_holds_what_will_be_there() {
    let estate = read(&TerraformPlan, PLAN);
    let addresses: Vec<&str> = estate.resources.iter().map(|r| r.address.as_str()).collect();
    assert_eq!(
        addresses,
        [
            "aws_s3_bucket.b[\"a.b\"]",
            "aws_s3_bucket.b[\"c\"]",
            "aws_s3_bucket_versioning.v[\"c\"]",
            "module.m.aws_db_instance.d[0]",
            "aws_kms_key.k",
            "aws_sns_topic.t",
            "aws_eip.later",
            "aws_sqs_queue.old",
        ]
    );
    assert_eq!(estate.diagnostics, []);
    let bucket = resource(&estate, "aws_s3_bucket.b[\"a.b\"]");
    assert_eq!(bucket.span.line, 10);
    assert_eq!(bucket.attributes.get("bucket").unwrap().as_str(), Some("x"));
    assert!(bucket.attributes.get("acl").is_none(), "null is not set");
    assert!(matches!(resource(&estate, "aws_eip.later").presence, Presence::Possible(_)));
}

#[test]
fn what_is_known_after_apply_is_unknown() {
    let estate = read(&TerraformPlan, PLAN);
    let bucket = "aws_s3_bucket.b[\"a.b\"]";
    let cases = [
        (bucket, "arn", true),
        // AWS may leave empty what nobody configured.
        (bucket, "policy", false),
        ("module.m.aws_db_instance.d[0]", "kms_key_id", true),
        ("module.m.aws_db_instance.d[0]", "endpoint", false),
    ];
    for (address, attribute, set) in cases {
        let found = unknown(&estate, address, attribute);
        assert_eq!((found.reason, found.set), (Reason::Computed, set), "{attribute}");
        assert_eq!(found.settles, format!("{address}.{attribute}"));
    }
    let versioning = resource(&estate, "aws_s3_bucket_versioning.v[\"c\"]");
    let blocks = versioning.attributes.get("versioning_configuration").unwrap().as_list().unwrap();
    assert_eq!(blocks.items[0].get("status").unwrap().as_str(), Some("Enabled"));
    assert!(matches!(blocks.items[0].get("mfa_delete").unwrap().value, Value::Unknown(_)));
}

#[test]
fn references_lead_through_modules_to_resources() {
    let estate = read(&TerraformPlan, PLAN);
    let cases = [
        ("aws_s3_bucket_versioning.v[\"c\"]", "bucket", "aws_s3_bucket.b[\"c\"] "),
        ("module.m.aws_db_instance.d[0]", "kms_key_id", "aws_kms_key.k arn"),
        ("aws_sns_topic.t", "kms_master_key_id", "aws_kms_key.k arn"),
    ];
    for (address, attribute, expected) in cases {
        assert_eq!(references(&estate, address, attribute), [expected], "{address}");
    }
    let waits = &resource(&estate, "aws_s3_bucket_versioning.v[\"c\"]").references;
    assert_eq!(waits[0].target, "aws_kms_key.k");
}

#[test]
fn regions_come_from_providers() {
    let estate = read(&TerraformPlan, PLAN);
    assert_eq!(estate.scope.region.as_str(), Some("eu-west-1"));
    let region = |address| resource(&estate, address).region.as_ref().and_then(|n| n.as_str());
    assert_eq!(region("aws_s3_bucket.b[\"c\"]"), Some("us-east-1"));
    assert_eq!(region("module.m.aws_db_instance.d[0]"), None);
}

#[test]
fn secrets_are_withheld() {
    let estate = read(&TerraformPlan, PLAN);
    let database = "module.m.aws_db_instance.d[0]";
    assert_eq!(unknown(&estate, database, "password").reason, Reason::Redacted);
    assert_eq!(resource(&estate, database).attributes.get("username").unwrap().as_str(), Some(""));
    assert!(!format!("{estate:?}").contains("hunter2"));
}

#[test]
fn states_are_read_in_both_forms() {
    let shown = r#"{"format_version": "1.0", "terraform_version": "1.9.0", "values": {"root_module": {
        "resources": [{"address": "aws_db_instance.d", "mode": "managed", "type": "aws_db_instance", "name": "d",
            "values": {"password": "hunter2", "id": "db-1", "variables": null}, "sensitive_values": {"password": true}}],
        "child_modules": [{"address": "module.m[\"k\"]", "resources": [
            {"address": "module.m[\"k\"].aws_sqs_queue.q[0]", "mode": "managed", "type": "aws_sqs_queue", "name": "q",
             "values": {"tags": {"a": "b"}}}]}]}}}"#;
    let file = r#"{"version": 4, "terraform_version": "1.9.0", "serial": 3, "lineage": "l", "outputs": {}, "resources": [
        {"mode": "managed", "type": "aws_db_instance", "name": "d", "provider": "p", "instances": [
            {"schema_version": 1, "attributes": {"password": "hunter2", "id": "db-1"},
             "sensitive_attributes": [[{"type": "get_attr", "value": "password"}]]},
            {"deposed": "1234", "attributes": {"id": "db-0"}}]},
        {"mode": "data", "type": "aws_ami", "name": "a", "instances": [{"attributes": {}}]},
        {"module": "module.m[\"k\"]", "mode": "managed", "type": "aws_sqs_queue", "name": "q", "instances": [
            {"index_key": 0, "attributes": {"tags": {"a": "b"}}, "sensitive_attributes": []}]}]}"#;
    for text in [shown, file] {
        let estate = read(&TerraformState, text);
        assert_eq!(estate.diagnostics, []);
        assert_eq!(estate.resources.len(), 2);
        assert_eq!(unknown(&estate, "aws_db_instance.d", "password").reason, Reason::Redacted);
        let queue = resource(&estate, "module.m[\"k\"].aws_sqs_queue.q[0]");
        assert_eq!(queue.attributes.get("tags").unwrap().get("a").unwrap().as_str(), Some("b"));
    }
}

#[test]
fn utf_16_is_text_too() {
    let wide: Vec<u8> =
        "\u{feff}".encode_utf16().chain(PLAN.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let mut world = MemoryWorld::default();
    world.insert("x.json", &wide);
    let files = Files::default();
    let roots = TerraformPlan.find(&world, &files, &world.tree());
    assert_eq!(TerraformPlan.read(&world, &files, &roots[0])[0].resources.len(), 8);
}

#[test]
fn other_files_are_left_alone() {
    let texts =
        ["", "[]", "{}", r#"{"Resources": {"values": 1}}"#, r#"{"version": 4}"#, "format_version"];
    for text in texts {
        let world = MemoryWorld::new([("x.json", text)]);
        let files = Files::default();
        assert_eq!(TerraformPlan.find(&world, &files, &world.tree()), [], "{text}");
        assert_eq!(TerraformState.find(&world, &files, &world.tree()), [], "{text}");
    }
    let world = MemoryWorld::new([("x.json", PLAN)]);
    assert_eq!(TerraformState.find(&world, &Files::default(), &world.tree()), []);
}

#[test]
fn bad_documents_give_a_message_with_its_place() {
    let cut = PLAN.get(..3000).unwrap();
    let odd = PLAN.replacen("\"type\": \"aws_kms_key\",", "\"type\": 7,", 1);
    let newer = PLAN.replacen("\"1.2\"", "\"2.0\"", 1);
    let deep = format!(
        "{{\"format_version\":\"1.0\",\"terraform_version\":\"1\",\"values\":{}",
        "{\"a\":[".repeat(10_000)
    );
    let cases = [(cut, Level::Error, 0), (&odd, Level::Error, 7), (&newer, Level::Warning, 8)];
    for (text, level, resources) in cases {
        let estate = read(&TerraformPlan, text);
        let [diagnostic] = estate.diagnostics.as_slice() else {
            panic!("{:?}", estate.diagnostics)
        };
        assert_eq!((diagnostic.level, estate.resources.len()), (level, resources));
        assert_ne!(diagnostic.span, Span::NONE);
        assert_ne!(diagnostic.span.line, 0);
    }
    assert_eq!(read(&TerraformState, &deep).diagnostics.len(), 1);
}
