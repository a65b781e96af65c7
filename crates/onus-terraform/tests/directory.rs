//! Directories in, resources out: what Terraform would plan, as far as the configuration tells.

use onus_ingest::{MemoryWorld, Source};
use onus_model::{Files, Node, Presence, RawEstate, Value};
use onus_terraform::Terraform;

/// The estates of all roots among these files.
fn read_with(terraform: &Terraform, files: &[(&str, &str)]) -> Vec<RawEstate> {
    let world = MemoryWorld::new(files.iter().copied());
    let names = Files::default();
    let roots = terraform.find(&world, &names, &world.tree());
    roots.iter().flat_map(|root| terraform.read(&world, &names, root)).collect()
}

fn read(files: &[(&str, &str)]) -> RawEstate {
    let mut estates = read_with(&Terraform::default(), files);
    assert_eq!(estates.len(), 1, "one root");
    estates.remove(0)
}

fn messages(estate: &RawEstate) -> Vec<String> {
    let place = |diagnostic: &onus_model::Diagnostic| diagnostic.span.line;
    estate.diagnostics.iter().map(|d| format!("{}: {}", place(d), d.message)).collect()
}

/// A node in one line: unknowns as `?reason(settles)`, with `!` when set; references after `@`.
fn show(node: &Node) -> String {
    let join = |parts: Vec<String>, rest: bool| {
        parts.into_iter().chain(rest.then(|| "…".to_owned())).collect::<Vec<_>>().join(", ")
    };
    let value = match &node.value {
        Value::Absent => "null".to_owned(),
        Value::Bool(truth) => truth.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => format!("{text:?}"),
        Value::List(list) => {
            format!("[{}]", join(list.items.iter().map(show).collect(), list.rest.is_some()))
        }
        Value::Map(map) => {
            let entries = map.entries.iter().map(|(key, entry)| format!("{key}: {}", show(entry)));
            format!("{{{}}}", join(entries.collect(), map.rest.is_some()))
        }
        Value::Encoded(inner) => format!("json({})", show(inner)),
        Value::Choice(choice) => {
            let options =
                choice.options.iter().map(|(label, node)| format!("{label}: {}", show(node)));
            format!("<{}>", options.collect::<Vec<_>>().join(" | "))
        }
        Value::Unknown(unknown) => {
            let set = if unknown.set { "!" } else { "" };
            let pieces = unknown.pieces.iter().map(|piece| match piece {
                onus_model::Piece::Text(text) => text.as_str(),
                onus_model::Piece::Hole => "*",
            });
            let pieces: String = pieces.collect();
            let reason = format!("{:?}", unknown.reason).to_lowercase();
            format!("?{set}{reason}({}){pieces}", unknown.settles)
        }
    };
    let references = node.references().iter().map(|r| format!("{}.{}", r.target, r.attribute));
    let references = references.collect::<Vec<_>>().join(",");
    if references.is_empty() { value } else { format!("{value} @{references}") }
}

/// Each resource as `address`, with ` ?settles` when it may not exist, and its argument `x`.
fn lines(estate: &RawEstate) -> Vec<String> {
    let line = |resource: &onus_model::RawResource| {
        let possible = match &resource.presence {
            Presence::Certain => String::new(),
            Presence::Possible(unknown) => format!(" ?{}", unknown.settles),
            Presence::AnyNumber(unknown) => format!(" *{}", unknown.settles),
        };
        let x = resource.attributes.get("x").map(|x| format!(" x = {}", show(x)));
        format!("{}{possible}{}", resource.address, x.unwrap_or_default())
    };
    estate.resources.iter().map(line).collect()
}

#[test]
fn expressions_have_the_value_that_terraform_gives_them() {
    let cases = [
        ("1 + 2 * 3 - 4 / 2 % 3", "5"),
        ("-(2) - -3", "1"),
        ("!(1 < 2) || 2 >= 2 && \"a\" != \"b\"", "true"),
        ("true ? \"yes\" : \"no\"", "\"yes\""),
        ("\"a${1 + 1}b${true}\"", "\"a2btrue\""),
        ("\"$${x} %%{y} \\u00e9 \\\"q\\\"\"", "\"${x} %{y} é \\\"q\\\"\""),
        ("\"${[1, 2]}\"", "[1, 2]"),
        ("\"%{ if true ~}  yes  %{~ else }no%{ endif }\"", "\"yes\""),
        ("\"%{ for n in [1, 2] }<${n}>%{ endfor }\"", "\"<1><2>\""),
        ("[for n in [1, 2, 3] : n * 2 if n != 2]", "[2, 6]"),
        ("{for k, v in {b = 1, a = 2} : upper(k) => v}", "{A: 2, B: 1}"),
        ("[for k, v in toset([\"b\", \"a\"]) : k]", "[\"a\", \"b\"]"),
        ("[for k, v in [\"b\", \"a\"] : k]", "[0, 1]"),
        ("{for n in [\"a\", \"b\", \"a\"] : n => 1...}", "{a: [1, 1], b: [1]}"),
        ("[{n = 1}, {n = 2}][*].n", "[1, 2]"),
        ("[{n = [1, 2]}, {n = [3]}].*.n[0]", "[1, 2]"),
        ("[{n = [1, 2]}, {n = [3]}][*].n[0]", "[1, 3]"),
        ("null[*]", "[]"),
        ("{a = 1, \"b\" : 2, (\"c\") = 3, a = 4}.a", "4"),
        ("[[1, 2], [3]].0.1", "2"),
        ("max([1, 5, 3]...)", "5"),
        ("try({}.a, [][0], \"last\")", "\"last\""),
        ("can({}.a)", "false"),
        ("false && var.input == 1", "false"),
        ("var.input == 1 || true", "true"),
        ("<<EOT\n  a\n   ${1}\nEOT\n", "\"  a\\n   1\\n\""),
        ("<<-EOT\n    a\n\n      b\n    EOT\n", "\"a\\n\\n  b\\n\""),
        ("core::length(\n [1,\n # two\n 2,\n ]\n)", "2"),
        ("true ? /* c */ 1 : 2 // d", "1"),
        ("(true\n ?\n 1\n :\n 2)", "1"),
    ];
    for (expression, expected) in cases {
        let text =
            format!("variable \"input\" {{}}\nresource \"t\" \"r\" {{\n  x = {expression}\n}}\n");
        let estate = read(&[("main.tf", &text)]);
        assert_eq!(lines(&estate), [format!("t.r x = {expected}")], "{expression}");
        assert_eq!(messages(&estate), [""; 0], "{expression}");
    }
}

#[test]
fn what_is_not_known_stays_as_narrow_as_it_can() {
    let cases = [
        ("var.text", "?input(var.text)"),
        ("var.flag", "<true: true | false: false>"),
        ("!var.flag", "<true: false | false: true>"),
        ("var.flag ? 1 : 2", "<true: 1 | false: 2>"),
        ("!var.flag ? 1 : 2", "<true: 2 | false: 1>"),
        ("var.flag ? 1 : 1", "1"),
        ("var.flag && !var.flag", "false"),
        ("[var.flag ? 1 : 2, 3]", "[<true: 1 | false: 2>, 3]"),
        ("(var.flag ? {a = 1} : {a = 2}).a", "<true: 1 | false: 2>"),
        ("(var.flag ? [1] : [])[0]", "1"),
        ("try((var.flag ? [1] : [])[0], 9)", "<true: 1 | false: 9>"),
        ("[var.text ? 1 : 2, !var.text]", "[<true: 1 | false: 2>, <true: false | false: true>]"),
        ("var.text == \"a\" ? 1 : 2", "<true: 1 | false: 2>"),
        ("\"a-${var.text}-b\"", "?!input(var.text)a-*-b"),
        ("\"a-${var.text}\" == \"b\"", "false"),
        ("[for n in [1, 2] : n if var.flag]", "<true: [1, 2] | false: []>"),
        ("[for n in var.text : n]", "[…]"),
        ("{for k in [\"a\", var.text] : k => 1}", "{a: 1, …}"),
        ("[1, 2][var.text]", "?input(var.text)"),
        ("data.d.e.f", "?!lookup(data.d.e.f)"),
        ("t.other.id", "?!computed(t.other.id) @t.other.id"),
        ("t.other.x", "\"set\" @t.other.x"),
        ("\"${t.other.id}/*\"", "?!computed(t.other.id)*/* @t.other.id"),
        ("local.passed", "[?!computed(t.other.arn) @t.other.arn]"),
        ("local.circle", "?cycle(local.circle)"),
        ("terraform.workspace", "?!input(terraform.workspace)"),
        (
            "replace(jsonencode({a = \"_ID_/*\", b = t.other.id}), \"_ID_\", t.other.arn)",
            "json({a: ?!computed(t.other.arn)*/* @t.other.arn, b: ?!computed(t.other.id) @t.other.id}) @t.other.arn",
        ),
        ("[for n in range(9) : n if n == 0 || n == var.text]", "[0, …]"),
        ("uuid()", "?!function(uuid())"),
    ];
    for (expression, expected) in cases {
        let text = format!(
            "variable \"text\" {{}}\nvariable \"flag\" {{ type = bool }}\n\
             resource \"t\" \"other\" {{ x = \"set\" }}\ndata \"d\" \"e\" {{}}\n\
             locals {{\n  passed = [t.other.arn]\n  circle = local.circle\n}}\n\
             resource \"t\" \"r\" {{\n  x = {expression}\n}}\n"
        );
        let estate = read(&[("main.tf", &text)]);
        assert_eq!(lines(&estate)[1], format!("t.r x = {expected}"), "{expression}");
    }
}

#[test]
fn count_and_for_each_make_instances() {
    let cases: &[(&str, &[&str])] = &[
        ("count = 0", &[]),
        ("count = 2\nx = count.index", &["t.r[0] x = 0", "t.r[1] x = 1"]),
        ("for_each = {b = 1, a = 2}\nx = each.value", &["t.r[\"b\"] x = 1", "t.r[\"a\"] x = 2"]),
        (
            "for_each = toset([\"b\", \"a\"])\nx = each.key",
            &["t.r[\"a\"] x = \"a\"", "t.r[\"b\"] x = \"b\""],
        ),
        ("count = var.flag ? 1 : 0\nx = 1", &["t.r[0] ?var.flag x = 1"]),
        ("count = var.flag ? 2 : 1", &["t.r[0]", "t.r[1] ?var.flag"]),
        ("count = var.text\nx = 1", &["t.r *var.text x = 1"]),
        ("for_each = var.text\nx = each.value", &["t.r *var.text x = ?input(var.text)"]),
        (
            "for_each = merge({a = 1}, var.text)\nx = each.key",
            &["t.r[\"a\"] x = \"a\"", "t.r *var.text x = ?!input(var.text)"],
        ),
        (
            "for_each = var.flag ? {a = 1, b = 2} : {a = 3}\nx = each.value",
            &["t.r[\"a\"] x = <true: 1 | false: 3>", "t.r[\"b\"] ?var.flag x = <true: 2>"],
        ),
    ];
    for (body, expected) in cases {
        let text = format!(
            "variable \"text\" {{}}\nvariable \"flag\" {{ type = bool }}\nresource \"t\" \"r\" {{\n{body}\n}}\n"
        );
        let estate = read(&[("main.tf", &text)]);
        let lines: Vec<String> =
            lines(&estate).into_iter().map(|line| line.replace("<true: 2>", "2")).collect();
        let expected: Vec<String> =
            expected.iter().map(|line| line.replace("<true: 2>", "2")).collect();
        assert_eq!(lines, expected, "{body}");
    }
}

#[test]
fn only_the_lifecycle_of_a_resource_is_terraforms_own() {
    let text = "resource \"t\" \"r\" {\nrule {\nlifecycle {\nx = 1\n}\n}\nlifecycle { prevent_destroy = true }\n}\n";
    let estate = read(&[("main.tf", text)]);
    let attributes = &estate.resources[0].attributes;
    let at = |path: &[&str]| {
        path.iter().try_fold(attributes.clone(), |node, step| {
            let node = match &node.value {
                onus_model::Value::List(list) => list.items[0].clone(),
                _ => node,
            };
            node.get(step).cloned()
        })
    };
    assert_eq!(at(&["rule", "lifecycle", "x"]).unwrap().value, onus_model::Value::Number(1.0));
    assert_eq!(at(&["lifecycle", "prevent_destroy"]).unwrap().value, onus_model::Value::Bool(true));
}

#[test]
fn references_name_the_instance_that_they_reach() {
    let cases = [
        ("t.one[0].id", "?!computed(t.one[0].id) @t.one[0].id"),
        ("t.one[*].id", "<true: [?!computed(t.one[0].id) @t.one[0].id] | false: []>"),
        ("one(t.one[*].x)", "<true: 1 @t.one[0].x | false: null>"),
        ("try(t.one[0].x, null)", "<true: 1 @t.one[0].x | false: null>"),
        ("t.two[\"k\"].x", "\"k\" @t.two[\"k\"].x"),
        ("[for k, v in t.two : v.x]", "[\"k\" @t.two[\"k\"].x]"),
        ("values(t.two)[*].x", "[\"k\" @t.two[\"k\"].x]"),
        ("t.some[0].x", "5 @t.some.x"),
        ("[t.some[0].x, t.one[0].x]", "[5 @t.some.x, 1 @t.one[0].x]"),
        ("t.three.b[0].y", "1 @t.three.b"),
        ("t.three.b[0].z", "?computed(t.three.b.z) @t.three.b"),
    ];
    for (expression, expected) in cases {
        let text = format!(
            "variable \"flag\" {{ type = bool }}\nvariable \"n\" {{}}\n\
             resource \"t\" \"one\" {{\n  count = var.flag ? 1 : 0\n  x = 1\n}}\n\
             resource \"t\" \"two\" {{\n  for_each = {{k = 1}}\n  x = each.key\n}}\n\
             resource \"t\" \"three\" {{\n  b {{ y = 1 }}\n}}\n\
             resource \"t\" \"some\" {{\n  count = var.n\n  x = 5\n}}\n\
             resource \"t\" \"r\" {{\n  x = {expression}\n}}\n"
        );
        let estate = read(&[("main.tf", &text)]);
        assert_eq!(
            lines(&estate).pop().as_deref(),
            Some(&*format!("t.r x = {expected}")),
            "{expression}"
        );
    }
}

#[test]
fn blocks_become_lists_and_dynamic_blocks_are_written_out() {
    let cases = [
        ("x { a = 1 }\nx { a = 2 }", "[{a: 1}, {a: 2}]"),
        ("dynamic \"x\" {\n for_each = [1, 2]\n content { a = x.value }\n}", "[{a: 1}, {a: 2}]"),
        (
            "dynamic \"x\" {\n for_each = {k = 3}\n iterator = it\n content {\n a = it.key\n y { b = it.value }\n }\n}",
            "[{a: \"k\", y: [{b: 3}]}]",
        ),
        ("dynamic \"x\" {\n for_each = var.text\n content { a = 1 }\n}", "[…]"),
        (
            "x { a = 0 }\ndynamic \"x\" {\n for_each = var.text\n content { a = 1 }\n}",
            "[{a: 0}, …]",
        ),
        (
            "dynamic \"x\" {\n for_each = var.flag ? [1] : []\n content { a = 1 }\n}",
            "<true: [{a: 1}] | false: null>",
        ),
    ];
    for (body, expected) in cases {
        let text = format!(
            "variable \"text\" {{}}\nvariable \"flag\" {{ type = bool }}\nresource \"t\" \"r\" {{\n{body}\n}}\n"
        );
        let estate = read(&[("main.tf", &text)]);
        assert_eq!(lines(&estate), [format!("t.r x = {expected}")], "{body}");
    }
    let none = read(&[(
        "main.tf",
        "resource \"t\" \"r\" {\n dynamic \"x\" {\n for_each = []\n content {}\n }\n}\n",
    )]);
    assert_eq!(lines(&none), ["t.r"]);
}

#[test]
fn variables_take_the_last_value_given_and_their_type() {
    let main =
        "variable \"v\" {\n  type = number\n  default = 1\n}\nresource \"t\" \"r\" { x = var.v }\n";
    let files = [
        ("main.tf", main),
        ("terraform.tfvars", "v = 2\n"),
        ("b.auto.tfvars", "v = \"3\"\n"),
        ("extra.tfvars", "v = 4\n"),
    ];
    let value = |terraform: &Terraform, count: usize| {
        let estates = read_with(terraform, &files[..count]);
        lines(&estates[0]).remove(0)
    };
    let default = Terraform::default();
    assert_eq!(value(&default, 1), "t.r x = 1");
    let default = Terraform::default();
    assert_eq!(value(&default, 2), "t.r x = 2");
    let default = Terraform::default();
    assert_eq!(value(&default, 3), "t.r x = 3");
    let with_file = Terraform::new(Vec::new(), vec!["extra.tfvars".into()]);
    assert_eq!(value(&with_file, 4), "t.r x = 4");
    let with_both = Terraform::new(vec![("v".into(), "5".into())], vec!["extra.tfvars".into()]);
    assert_eq!(value(&with_both, 4), "t.r x = 5");
}

#[test]
fn types_convert_and_complete() {
    let cases = [
        ("string", "5", "\"5\""),
        ("bool", "\"true\"", "true"),
        ("list(string)", "[1, true]", "[\"1\", \"true\"]"),
        ("set(string)", "[\"b\", \"a\", \"b\"]", "[\"a\", \"b\"]"),
        ("map(number)", "{a = \"1\"}", "{a: 1}"),
        (
            "object({a = string, b = optional(number, 7), c = optional(bool)})",
            "{a = 1, z = 2}",
            "{a: \"1\", b: 7, c: null}",
        ),
        (
            "object({o = optional(object({p = optional(string, \"q\")}), {})})",
            "{}",
            "{o: {p: \"q\"}}",
        ),
        ("any", "[1]", "[1]"),
    ];
    for (of, value, expected) in cases {
        let text = format!(
            "variable \"v\" {{\n  type = {of}\n  default = {value}\n}}\nresource \"t\" \"r\" {{ x = var.v }}\n"
        );
        assert_eq!(lines(&read(&[("main.tf", &text)])), [format!("t.r x = {expected}")], "{of}");
    }
    let secret = "variable \"v\" {\n  sensitive = true\n  default = \"hunter2\"\n}\nresource \"t\" \"r\" { x = var.v }\n";
    assert!(
        lines(&read(&[("main.tf", secret)]))[0].contains("redacted"),
        "sensitive values are withheld"
    );
}

#[test]
fn modules_are_read_with_the_arguments_of_each_call() {
    let main = "module \"m\" {\n  source = \"./mod\"\n  for_each = {a = 1, b = 2}\n  v = each.value\n  r = t.key.arn\n}\n\
                resource \"t\" \"key\" {}\nresource \"t\" \"out\" { x = module.m[\"b\"].o }\n\
                resource \"t\" \"all\" { x = [for m in module.m : m.o] }\n";
    let module = "variable \"v\" { default = 9 }\nvariable \"r\" {}\nresource \"t\" \"r\" { x = [var.v, var.r, path.module] }\noutput \"o\" { value = t.r.id }\n";
    let estate = read(&[("main.tf", main), ("mod/main.tf", module)]);
    let key = "?!computed(t.key.arn) @t.key.arn";
    let inner = |k: &str| format!("?!computed(module.m[\"{k}\"].t.r.id) @module.m[\"{k}\"].t.r.id");
    assert_eq!(
        lines(&estate),
        [
            "t.key".to_owned(),
            format!("t.out x = {}", inner("b")),
            format!("t.all x = [{}, {}]", inner("a"), inner("b")),
            format!("module.m[\"a\"].t.r x = [1, {key}, \"mod\"]"),
            format!("module.m[\"b\"].t.r x = [2, {key}, \"mod\"]"),
        ]
    );
    assert_eq!(messages(&estate), [""; 0]);
}

#[test]
fn modules_that_are_not_there_are_named_with_what_is_passed_to_them() {
    let main = "module \"vpc\" {\n  source = \"registry/vpc/aws\"\n  key = t.key.arn\n}\nresource \"t\" \"key\" {}\nresource \"t\" \"r\" { x = module.vpc.id }\n";
    let estate = read(&[("main.tf", main)]);
    assert_eq!(estate.unread.len(), 1);
    assert_eq!(estate.unread[0].address, "module.vpc");
    assert_eq!(estate.unread[0].references[0].target, "t.key");
    let settles = "module.vpc (source \"registry/vpc/aws\"; run terraform init)";
    assert_eq!(lines(&estate)[1], format!("t.r x = ?missing({settles})"));
    let listing = "{\"Modules\":[{\"Key\":\"\",\"Dir\":\".\"},{\"Key\":\"vpc\",\"Dir\":\".terraform/modules/vpc\"}]}";
    let files = [
        ("main.tf", main),
        (".terraform/modules/modules.json", listing),
        (
            ".terraform/modules/vpc/main.tf",
            "variable \"key\" {}\noutput \"id\" { value = \"here\" }\n",
        ),
    ];
    assert_eq!(lines(&read(&files))[1], "t.r x = \"here\"");
}

#[test]
fn roots_are_the_folders_that_no_other_module_calls() {
    let world = MemoryWorld::new([
        ("a/main.tf", "module \"b\" { source = \"../b\" }"),
        ("b/main.tf", "module \"c\" { source = \"./c\" }"),
        ("b/c/main.tf", ""),
        ("d/main.tf.json", "{}"),
        ("d/x.tftest.hcl", "run \"x\" {}"),
        ("circle/main.tf", "module \"e\" { source = \"./e\" }"),
        ("circle/e/main.tf", "module \"c\" { source = \"../\" }"),
    ]);
    let terraform = Terraform::default();
    let roots = terraform.find(&world, &Files::default(), &world.tree());
    let found: Vec<_> = roots.iter().map(|root| (root.path.as_str(), root.files.len())).collect();
    assert_eq!(found, [("a", 3), ("circle", 2), ("d", 1)]);
}

#[test]
fn files_of_a_folder_go_together() {
    let files = [
        ("main.tf", "resource \"t\" \"r\" {\n  x = 1\n  y = 2\n  b { z = 1 }\n}\n"),
        ("main_override.tf", "resource \"t\" \"r\" {\n  x = 3\n  b { z = 2 }\n}\n"),
        ("other.tf", "this is not read"),
        ("other.tofu", "\u{feff}resource \"t\" \"s\" { x = 1 }\r\n"),
        (
            "more.tf.json",
            "{\"resource\": {\"t\": {\"j\": {\"x\": \"a${1 + 1}\", \"//\": \"no\"}}}}",
        ),
    ];
    let estate = read(&files);
    let mut found = lines(&estate);
    found.sort();
    assert_eq!(found, ["t.j x = \"a2\"", "t.r x = 3", "t.s x = 1"]);
    let merged = estate.resources.iter().find(|resource| resource.address == "t.r").unwrap();
    assert_eq!(show(merged.attributes.get("y").unwrap()), "2");
    assert_eq!(show(merged.attributes.get("b").unwrap()), "[{z: 2}]");
}

#[test]
fn providers_give_region_and_tags() {
    let main = "provider \"aws\" {\n  region = \"eu-west-1\"\n  default_tags {\n    tags = { a = 1, b = 2 }\n  }\n}\n\
                provider \"aws\" {\n  alias = \"us\"\n  region = \"us-east-1\"\n}\n\
                resource \"aws_x\" \"a\" { tags = { b = 3 } }\nresource \"aws_x\" \"b\" { provider = aws.us }\n\
                module \"m\" {\n  source = \"./m\"\n  providers = { aws = aws.us }\n}\n";
    let estate = read(&[("main.tf", main), ("m/main.tf", "resource \"aws_x\" \"c\" {}\n")]);
    assert_eq!(show(&estate.scope.region), "\"eu-west-1\"");
    let told: Vec<_> = estate
        .resources
        .iter()
        .map(|resource| {
            let tags = resource.attributes.get("tags").map(show).unwrap_or_default();
            format!(
                "{} {} {tags}",
                resource.address,
                resource.region.as_ref().map(show).unwrap_or_default()
            )
        })
        .collect();
    assert_eq!(
        told,
        ["aws_x.a  {a: 1, b: 3}", "aws_x.b \"us-east-1\" ", "module.m.aws_x.c \"us-east-1\" "]
    );
}

#[test]
fn errors_are_placed_and_the_rest_is_read() {
    let cases = [
        ("resource \"t\" \"bad\" {\n  x = = 1\n  y = 2\n}\n", 2),
        ("resource \"t\" \"bad\" {\n  x = \"open\n}\n", 2),
        ("resource \"t\" \"bad\" {\n  x = [1, 2\n", 4),
        ("resource t bad {\n  x = 1 y = 2\n}\n", 2),
        ("}\n", 1),
        ("locals { a = <<EOT\nnever ends\n}\n", 1),
        ("x = ${}\n", 1),
    ];
    for (bad, line) in cases {
        let text = format!("{bad}\nresource \"t\" \"good\" {{\n  x = 1\n}}\n");
        let estate = read(&[("main.tf", &text)]);
        let found = messages(&estate);
        let begins = found.first().is_some_and(|message| message.starts_with(&format!("{line}:")));
        assert!(begins, "{bad} gives {found:?}");
        assert!(
            lines(&estate).contains(&"t.good x = 1".to_owned()),
            "{bad} hides the rest: {found:?}"
        );
    }
}

#[test]
fn hostile_input_ends() {
    let deep =
        format!("resource \"t\" \"r\" {{\n  x = {}1{}\n}}\n", "[".repeat(5_000), "]".repeat(5_000));
    let negated = format!("locals {{\n  a = {}true\n}}\n", "!".repeat(100_000));
    let long = format!("locals {{\n  a = 1{}\n}}\n", " + 1".repeat(100_000));
    let quotes = "\"${".repeat(10_000);
    let braces = "a {\n".repeat(10_000);
    let chain: String =
        (0..5_000).map(|n| format!("locals {{\n  a{n} = [local.a{}]\n}}\n", n + 1)).collect();
    let chain = chain + "locals {\n  a5000 = 1\n}\nresource \"t\" \"r\" {\n  x = local.a0\n}\n";
    let many = "resource \"t\" \"r\" {\n  count = 1000000000\n}\n".to_owned();
    let loops = "resource \"t\" \"r\" {\n  x = t.s.x\n}\nresource \"t\" \"s\" {\n  x = t.r.x\n}\n"
        .to_owned();
    let itself = "module \"m\" {\n  source = \"./\"\n}\n".to_owned();
    let laughs: String = (0..30)
        .map(|n| {
            let b = format!("local.a{}", n + 1);
            format!("locals {{\n  a{n} = [{b}, {b}, {b}, {b}]\n}}\n")
        })
        .collect();
    let laughs =
        laughs + "locals {\n  a30 = 1\n}\nresource \"t\" \"r\" {\n  x = jsonencode(local.a0)\n}\n";
    let doubled = laughs.replace('[', "\"${").replace(", ", "}${").replace(']', "}\"");
    for text in [laughs, doubled, deep, negated, long, quotes, braces, chain, many, loops, itself] {
        let estate = read(&[("main.tf", &text)]);
        assert!(
            !estate.diagnostics.is_empty() || lines(&estate).concat().contains("?!limit"),
            "{}…",
            text.chars().take(40).collect::<String>()
        );
        assert!(estate.resources.len() <= 10_001);
    }
}

#[test]
fn json_syntax_says_the_same_as_native_syntax() {
    let native = "variable \"v\" {\n  type = list(string)\n  default = [\"a\", \"b\"]\n}\n\
                  provider \"aws\" {\n  region = \"eu-west-1\"\n  default_tags {\n    tags = { k = 1 }\n  }\n}\n\
                  resource \"aws_t\" \"r\" {\n  for_each = toset(var.v)\n  x = \"<${each.key}>\"\n\
                  dynamic \"y\" {\n    for_each = [1]\n    content { z = y.value }\n  }\n  depends_on = [aws_t.s]\n}\n\
                  resource \"aws_t\" \"s\" {}\n";
    let json = r#"{
        "variable": {"v": {"type": "list(string)", "default": ["a", "b"]}},
        "provider": {"aws": [{"region": "eu-west-1", "default_tags": {"tags": {"k": 1}}}]},
        "resource": [{"aws_t": {
            "r": {
                "for_each": "${toset(var.v)}", "x": "<${each.key}>",
                "dynamic": {"y": {"for_each": [1], "content": {"z": "${y.value}"}}},
                "depends_on": ["aws_t.s"]
            },
            "s": {}
        }}]
    }"#;
    let told = |name: &str, text: &str| -> Vec<String> {
        let estate = read(&[(name, text)]);
        assert_eq!(messages(&estate), [""; 0], "{name}");
        let resources = estate.resources.iter();
        resources
            .map(|r| format!("{} {} {:?}", r.address, show(&r.attributes), r.references))
            .collect()
    };
    assert_eq!(told("main.tf.json", json), told("main.tf", native));
}
