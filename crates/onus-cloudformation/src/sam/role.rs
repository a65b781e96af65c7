//! The role that SAM makes for a function or a state machine without one.

use ecow::eco_format;
use onus_model::{Node, Span};

use super::is_call;
use super::made::{Made, Part, map, reference, sub};

/// Makes `<id>Role`, for `service` to assume, with `managed` beside the policies of the resource.
pub(super) fn make(part: &Part<'_>, service: &str, managed: Vec<Node>, made: &mut Made) {
    let id = part.named("Role");
    let mut arns = managed;
    let mut inline = Vec::new();
    let written = part.get("Policies");
    let policies = match written.and_then(Node::as_list) {
        Some(list) => list.items.as_slice(),
        None => written.map_or(&[][..], std::slice::from_ref),
    };
    for (index, policy) in policies.iter().enumerate() {
        let name = Node::string(eco_format!("{id}Policy{index}"), policy.span);
        match kind(policy) {
            Kind::Managed => arns.push(managed_arn(policy)),
            Kind::Inline => inline.push(inline_policy(name, policy)),
            Kind::Either => inline.push(inline_choice(name, policy)),
            Kind::Template => inline.extend(templates(&name, policy)),
        }
    }
    let trust = part.copy("AssumeRolePolicyDocument").unwrap_or_else(|| trust(part, service));
    let inline = (!inline.is_empty()).then(|| part.list(inline));
    let properties = part.map([
        ("AssumeRolePolicyDocument", Some(trust)),
        ("ManagedPolicyArns", Some(part.list(arns))),
        ("Policies", inline),
        ("Path", part.copy("RolePath")),
        ("PermissionsBoundary", part.copy("PermissionsBoundary")),
        ("Tags", part.tags()),
    ]);
    part.also(id, "AWS::IAM::Role", properties, made);
}

/// A role `id` that lets `service` do `action` on `resource`.
pub(super) fn single(
    part: &Part<'_>,
    id: ecow::EcoString,
    service: &str,
    action: &str,
    resource: Node,
    made: &mut Made,
) {
    let statement = part.map([
        ("Effect", Some(part.text("Allow"))),
        ("Action", Some(part.text(action))),
        ("Resource", Some(resource)),
    ]);
    let policy = part.map([
        ("PolicyName", Some(Node::string(eco_format!("{id}Policy"), part.span))),
        ("PolicyDocument", Some(document(part.list(vec![statement]), part.span))),
    ]);
    let properties = part.map([
        ("AssumeRolePolicyDocument", Some(trust(part, service))),
        ("Policies", Some(part.list(vec![policy]))),
    ]);
    part.also(id, "AWS::IAM::Role", properties, made);
}

/// A role `id` for `service` with managed policies alone.
pub(super) fn service(
    part: &Part<'_>,
    id: ecow::EcoString,
    service: &str,
    managed: Vec<Node>,
    made: &mut Made,
) {
    let properties = part.map([
        ("AssumeRolePolicyDocument", Some(trust(part, service))),
        ("ManagedPolicyArns", Some(part.list(managed))),
    ]);
    part.also(id, "AWS::IAM::Role", properties, made);
}

/// The ARN of a policy that AWS manages.
pub(super) fn aws_managed(path: &str, span: Span) -> Node {
    sub(&format!("arn:${{AWS::Partition}}:iam::aws:policy/{path}"), span)
}

fn document(statement: Node, span: Span) -> Node {
    let version = Node::string("2012-10-17", span);
    map([("Version", Some(version)), ("Statement", Some(statement))], span)
}

fn trust(part: &Part<'_>, service: &str) -> Node {
    let principal = part.map([("Service", Some(part.list(vec![part.text(service)])))]);
    let statement = part.map([
        ("Effect", Some(part.text("Allow"))),
        ("Action", Some(part.list(vec![part.text("sts:AssumeRole")]))),
        ("Principal", Some(principal)),
    ]);
    document(part.list(vec![statement]), part.span)
}

enum Kind {
    Managed,
    Inline,
    Either,
    Template,
}

fn kind(policy: &Node) -> Kind {
    if policy.get("Statement").is_some() {
        return Kind::Inline;
    }
    if !is_call(policy) {
        return if policy.as_map().is_some() { Kind::Template } else { Kind::Managed };
    }
    let branches = policy.get("Fn::If").and_then(Node::as_list);
    let branches = branches.and_then(|list| list.items.get(1..)).unwrap_or_default();
    if branches.iter().any(|branch| !matches!(kind(branch), Kind::Managed)) {
        Kind::Either
    } else {
        Kind::Managed
    }
}

/// A managed policy by ARN or by the name that AWS gives it.
fn managed_arn(policy: &Node) -> Node {
    match policy.as_str() {
        Some(name) if !name.contains(':') => {
            let service = name.starts_with("AWSLambda") && name.ends_with("Role");
            let folder = if service && !name.contains('/') { "service-role/" } else { "" };
            aws_managed(&format!("{folder}{name}"), policy.span)
        }
        _ => policy.clone(),
    }
}

fn inline_policy(name: Node, policy: &Node) -> Node {
    map([("PolicyName", Some(name)), ("PolicyDocument", Some(policy.clone()))], policy.span)
}

/// An inline policy that a condition decides.
fn inline_choice(name: Node, policy: &Node) -> Node {
    let parts = policy.get("Fn::If").and_then(Node::as_list);
    let parts = parts.map_or(&[][..], |list| list.items.as_slice());
    let [condition, then, otherwise] = parts else { return inline_policy(name, policy) };
    let branch = |branch: &Node| match kind(branch) {
        Kind::Inline => inline_policy(name.clone(), branch),
        Kind::Either => inline_choice(name.clone(), branch),
        Kind::Template => templates(&name, branch)
            .into_iter()
            .next()
            .unwrap_or_else(|| reference("AWS::NoValue", branch.span)),
        Kind::Managed if is_call(branch) => branch.clone(),
        // The other branch makes this an inline policy; a managed one has no statement to show.
        Kind::Managed => inline_policy(name.clone(), &from_template("a managed policy", branch)),
    };
    let parts = vec![condition.clone(), branch(then), branch(otherwise)];
    map([("Fn::If", Some(Node::list(parts, policy.span)))], policy.span)
}

/// Inline policies from SAM's policy templates, whose statements are not known here.
fn templates(name: &Node, policy: &Node) -> Vec<Node> {
    let entries = policy.as_map().into_iter().flat_map(|map| &map.entries);
    entries
        .map(|(template, arguments)| {
            inline_policy(name.clone(), &from_template(template, arguments))
        })
        .collect()
}

/// A document that evaluates to an unknown which refers to what the template is given.
fn from_template(template: &str, arguments: &Node) -> Node {
    let name = Node::string(eco_format!("SAM policy template {template}"), arguments.span);
    let call = map([("Name", Some(name)), ("Parameters", Some(arguments.clone()))], arguments.span);
    map([("Fn::Transform", Some(call))], arguments.span)
}
