//! The data source `aws_iam_policy_document`: its arguments as the JSON policy that the provider makes
//! of them, with unknown parts left where they belong.

use std::sync::Arc;

use ecow::EcoString;
use onus_model::{List, Map, Node, Reason, Span, Unknown, Value};

use crate::functions::decode_json;

/// The `json` of a policy document with these arguments; `settles` names the data source.
pub(crate) fn render(attributes: &Node, settles: &str) -> Node {
    let Some(arguments) = attributes.as_map() else {
        return Node::unknown(Unknown::set(Reason::Lookup, settles), attributes.span);
    };
    let argument = |name: &str| arguments.entries.get(name);
    let mut document = Document {
        version: argument("version").filter(|node| !node.is_absent()).cloned(),
        id: argument("policy_id").filter(|node| !blank(node)).cloned(),
        statements: List::default(),
        settles,
    };
    let own = argument("statement").map(statements).unwrap_or_default();
    for name in ["source_json", "source_policy_documents"] {
        document.merge_all(argument(name));
    }
    document.merge(&own);
    for name in ["override_json", "override_policy_documents"] {
        document.merge_all(argument(name));
    }
    if let Some(rest) = &arguments.rest {
        document.doubt(rest);
    }
    Node::new(Value::Encoded(Arc::new(document.finish(attributes.span))), attributes.span)
}

/// A policy in the making.
struct Document<'a> {
    version: Option<Node>,
    id: Option<Node>,
    statements: List,
    settles: &'a str,
}

impl Document<'_> {
    /// Merges a document, or each one of a list.
    fn merge_all(&mut self, node: Option<&Node>) {
        match node.map(|node| &node.value) {
            None | Some(Value::Absent) => {}
            Some(Value::List(list)) => {
                list.items.iter().for_each(|item| self.merge_text(item));
                if let Some(rest) = &list.rest {
                    self.doubt(rest);
                }
            }
            Some(_) => node.into_iter().for_each(|node| self.merge_text(node)),
        }
    }

    fn merge_text(&mut self, node: &Node) {
        let decoded = match &node.value {
            Value::Absent => return,
            Value::String(text) if text.trim().is_empty() => return,
            Value::Encoded(inner) => Some((**inner).clone()),
            Value::String(text) => decode_json(text, node.span).ok(),
            _ => None,
        };
        match decoded.as_ref().and_then(Node::as_map) {
            Some(map) => {
                self.id = map.entries.get("Id").cloned().or(self.id.take());
                let found = map.entries.get("Statement").map(as_list).unwrap_or_default();
                self.merge(&found);
            }
            None => {
                let unknown = match &node.value {
                    Value::Unknown(unknown) => unknown.clone(),
                    Value::Choice(choice) => {
                        Arc::new(Unknown::new(Reason::Input, choice.settles.clone()))
                    }
                    _ => Arc::new(Unknown::new(Reason::Invalid, self.settles)),
                };
                self.doubt(&unknown);
            }
        }
    }

    /// Adds statements; one with the `Sid` of an earlier one takes its place.
    fn merge(&mut self, more: &List) {
        for statement in &more.items {
            let sid = statement.get("Sid").filter(|sid| !blank(sid));
            let known = sid.and_then(Node::as_str);
            let same = |other: &&mut Node| {
                known.is_some() && other.get("Sid").and_then(Node::as_str) == known
            };
            match self.statements.items.iter_mut().find(same) {
                Some(earlier) => *earlier = statement.clone(),
                None => self.statements.items.push(statement.clone()),
            }
        }
        if let Some(rest) = &more.rest {
            self.doubt(rest);
        }
    }

    /// Further statements are not known: each may take the place of one that has a `Sid`.
    fn doubt(&mut self, rest: &Arc<Unknown>) {
        for statement in &mut self.statements.items {
            if statement.get("Sid").is_some() {
                let replaced = Unknown { set: true, pieces: Vec::new(), ..(**rest).clone() };
                statement.value = Value::Unknown(Arc::new(replaced));
            }
        }
        self.statements.rest.get_or_insert_with(|| rest.clone());
    }

    fn finish(self, span: Span) -> Node {
        let version = self.version.unwrap_or_else(|| Node::string("2012-10-17", span));
        let mut entries = vec![("Version".into(), version)];
        entries.extend(self.id.map(|id| ("Id".into(), id)));
        let statements = Node::new(Value::List(Arc::new(self.statements)), span);
        entries.push(("Statement".into(), statements));
        Node::map(entries, span)
    }
}

fn blank(node: &Node) -> bool {
    node.is_absent() || node.as_str() == Some("")
}

/// A node as a list: itself, its elements, or what may be there.
fn as_list(node: &Node) -> List {
    match &node.value {
        Value::Absent => List::default(),
        Value::List(list) => (**list).clone(),
        Value::Unknown(unknown) => List { items: Vec::new(), rest: Some(unknown.clone()) },
        _ => List { items: vec![node.clone()], rest: None },
    }
}

/// The `statement` blocks as statements of a policy.
fn statements(blocks: &Node) -> List {
    let List { items, rest } = as_list(blocks);
    List { items: items.iter().map(statement).collect(), rest }
}

fn statement(block: &Node) -> Node {
    let Some(map) = block.as_map() else { return block.clone() };
    let mut out = Map { entries: Default::default(), rest: map.rest.clone() };
    let mut put = |name: &str, node: Option<Node>| {
        out.entries.extend(node.map(|node| (EcoString::from(name), node)));
    };
    let get = |name: &str| map.entries.get(name);
    put("Sid", get("sid").filter(|sid| !blank(sid)).cloned());
    let effect = get("effect").filter(|effect| !effect.is_absent()).cloned();
    put("Effect", Some(effect.unwrap_or_else(|| Node::string("Allow", block.span))));
    let lists = [
        ("Action", "actions"),
        ("NotAction", "not_actions"),
        ("Resource", "resources"),
        ("NotResource", "not_resources"),
    ];
    for (name, argument) in lists {
        put(name, get(argument).and_then(one_or_many));
    }
    put("Principal", get("principals").and_then(principals));
    put("NotPrincipal", get("not_principals").and_then(principals));
    put("Condition", get("condition").and_then(conditions));
    Node::new(Value::Map(Arc::new(out)), block.span)
}

/// A list as the provider writes it: nothing when empty, the element when there is one.
fn one_or_many(node: &Node) -> Option<Node> {
    let value = match &node.value {
        Value::Absent => return None,
        Value::List(list) => match (list.items.as_slice(), &list.rest) {
            ([], None) => return None,
            ([only], None) => {
                return Some(unescaped(only).with_references(node.references()));
            }
            (items, rest) => Value::List(Arc::new(List {
                items: items.iter().map(unescaped).collect(),
                rest: rest.clone(),
            })),
        },
        _ => return Some(unescaped(node)),
    };
    Some(Node { value, span: node.span, references: node.references.clone() })
}

/// Policy variables are written `&{…}` in Terraform, so that it does not take them for its own.
fn unescaped(node: &Node) -> Node {
    match node.as_str() {
        Some(text) if text.contains("&{") => {
            Node { value: Value::String(text.replace("&{", "${").into()), ..node.clone() }
        }
        _ => node.clone(),
    }
}

/// `{type: identifiers}`, or `"*"` for everybody.
fn principals(blocks: &Node) -> Option<Node> {
    let List { items, rest } = as_list(blocks);
    let mut out = Map { entries: Default::default(), rest };
    for block in &items {
        let identifiers = block.get("identifiers");
        let kind = block.get("type").and_then(Node::as_str);
        let (Some(kind), Some(identifiers)) = (kind, identifiers) else {
            out.rest = out.rest.or_else(|| Some(open(block)));
            continue;
        };
        if kind == "*" && everybody(identifiers) && items.len() == 1 && out.rest.is_none() {
            return Some(Node::string("*", block.span));
        }
        append(&mut out, kind, identifiers);
    }
    (!out.entries.is_empty() || out.rest.is_some())
        .then(|| Node::new(Value::Map(Arc::new(out)), blocks.span))
}

fn everybody(identifiers: &Node) -> bool {
    let list = as_list(identifiers);
    list.rest.is_none() && list.items.iter().all(|item| item.as_str() == Some("*"))
}

/// `{test: {variable: values}}`.
fn conditions(blocks: &Node) -> Option<Node> {
    let List { items, rest } = as_list(blocks);
    let mut out = Map { entries: Default::default(), rest };
    for block in &items {
        let text = |name| block.get(name).and_then(Node::as_str);
        let (Some(test), Some(variable), Some(values)) =
            (text("test"), text("variable"), block.get("values"))
        else {
            out.rest = out.rest.or_else(|| Some(open(block)));
            continue;
        };
        let of_test = out.entries.entry(test.into());
        let of_test = of_test.or_insert_with(|| Node::map([], block.span));
        if let Value::Map(inner) = &mut of_test.value {
            append(Arc::make_mut(inner), variable, values);
        }
    }
    (!out.entries.is_empty() || out.rest.is_some())
        .then(|| Node::new(Value::Map(Arc::new(out)), blocks.span))
}

/// Adds values under a key, to those that are there already.
fn append(map: &mut Map, key: &str, values: &Node) {
    let joined = match map.entries.get(key) {
        None => values.clone(),
        Some(earlier) => {
            let (mut all, more) = (as_list(earlier), as_list(values));
            all.items.extend(more.items);
            all.rest = all.rest.or(more.rest);
            Node::new(Value::List(Arc::new(all)), earlier.span)
                .with_references(earlier.references())
                .with_references(values.references())
        }
    };
    map.entries.extend(one_or_many(&joined).map(|node| (EcoString::from(key), node)));
}

/// What is not known of a block whose own name for itself is not known.
fn open(block: &Node) -> Arc<Unknown> {
    let mut found = None;
    block.walk(&mut |node| {
        if found.is_none() {
            found = match &node.value {
                Value::Unknown(unknown) => Some(unknown.clone()),
                Value::Choice(choice) => {
                    Some(Arc::new(Unknown::new(Reason::Input, choice.settles.clone())))
                }
                _ => None,
            };
        }
    });
    found.unwrap_or_else(|| Arc::new(Unknown::new(Reason::Invalid, "a complete policy document")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::functions::encoded_text;

    fn rendered(arguments: &str) -> EcoString {
        let arguments = decode_json(arguments, Span::NONE).unwrap();
        encoded_text(&render(&arguments, "data.aws_iam_policy_document.x")).unwrap()
    }

    #[test]
    fn documents_become_policies() {
        let cases = [
            ("{}", r#"{"Statement":[],"Version":"2012-10-17"}"#),
            (
                r#"{"statement":[{"actions":["s3:Get*"],"resources":["a","b"]}],"policy_id":"p"}"#,
                r#"{"Id":"p","Statement":[{"Action":"s3:Get*","Effect":"Allow","Resource":["a","b"]}],"Version":"2012-10-17"}"#,
            ),
            (
                r#"{"statement":[{"sid":"x","effect":"Deny","not_actions":["a"],"not_resources":["b"],
                   "principals":[{"type":"AWS","identifiers":["1","2"]},{"type":"Service","identifiers":["s"]}],
                   "not_principals":[{"type":"*","identifiers":["*"]}]}],"version":"2008-10-17"}"#,
                r#"{"Statement":[{"Effect":"Deny","NotAction":"a","NotPrincipal":"*","NotResource":"b","Principal":{"AWS":["1","2"],"Service":"s"},"Sid":"x"}],"Version":"2008-10-17"}"#,
            ),
            (
                r#"{"statement":[{"condition":[
                   {"test":"StringEquals","variable":"v","values":["1"]},
                   {"test":"StringEquals","variable":"w","values":["&{aws:username}","2"]},
                   {"test":"Bool","variable":"v","values":["true"]}]}]}"#,
                r#"{"Statement":[{"Condition":{"Bool":{"v":"true"},"StringEquals":{"v":"1","w":["${aws:username}","2"]}},"Effect":"Allow"}],"Version":"2012-10-17"}"#,
            ),
            (
                r#"{"source_policy_documents":["{\"Statement\":[{\"Sid\":\"a\",\"Effect\":\"Deny\"},{\"Sid\":\"b\"}]}"],
                   "statement":[{"sid":"a"}],
                   "override_policy_documents":["{\"Statement\":{\"Sid\":\"b\",\"Effect\":\"Deny\"}}"]}"#,
                r#"{"Statement":[{"Effect":"Allow","Sid":"a"},{"Effect":"Deny","Sid":"b"}],"Version":"2012-10-17"}"#,
            ),
        ];
        for (arguments, expected) in cases {
            assert_eq!(rendered(arguments), expected, "{arguments}");
        }
    }

    #[test]
    fn unknown_parts_stay_where_they_are() {
        let open = |settles: &str| Node::unknown(Unknown::new(Reason::Input, settles), Span::NONE);
        let block = |sid: &str, resources: Node| {
            let entries =
                [("sid".into(), Node::string(sid, Span::NONE)), ("resources".into(), resources)];
            Node::map(entries, Span::NONE)
        };
        let list = |items| Node::list(items, Span::NONE);
        let blocks =
            list(vec![block("named", open("var.r")), block("", list(vec![open("var.s")]))]);
        let arguments = Node::map(
            [("statement".into(), blocks), ("override_json".into(), open("var.o"))],
            Span::NONE,
        );
        let Value::Encoded(policy) = render(&arguments, "x").value else { panic!("an encoding") };
        let statements = policy.get("Statement").unwrap().as_list().unwrap();
        assert_eq!(statements.rest.as_ref().unwrap().settles, "var.o");
        assert!(matches!(&statements.items[0].value, Value::Unknown(u) if u.settles == "var.o"));
        let resource = statements.items[1].get("Resource").unwrap();
        assert!(matches!(&resource.value, Value::Unknown(u) if u.settles == "var.s"));
    }
}
