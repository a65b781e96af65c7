//! Functions that the AWS provider defines.

use onus_model::Node;

use super::call::{Call, Function, Outcome};

/// The functions of this family.
pub(super) static FUNCTIONS: &[Function] = &[
    Function::new("provider::aws::arn_build", 5, 5, arn_build).set(),
    Function::new("provider::aws::arn_parse", 1, 1, arn_parse).set(),
    Function::new("provider::aws::trim_iam_role_path", 1, 1, trim_iam_role_path).set(),
];

const PARTS: [&str; 5] = ["partition", "service", "region", "account_id", "resource"];

fn arn_parse(call: &Call<'_>) -> Outcome {
    let text = call.text(0)?;
    let mut parts = text.splitn(6, ':');
    if parts.next() != Some("arn") {
        return call.refuse(0, "an ARN is needed");
    }
    let values: Vec<Node> = parts.map(|part| Node::string(part, call.span)).collect();
    if values.len() != PARTS.len() {
        return call.refuse(0, "an ARN is needed");
    }
    let names = PARTS.iter().map(|name| (*name).into());
    Ok(Node::map(names.zip(values), call.span))
}

fn arn_build(call: &Call<'_>) -> Outcome {
    let mut out = super::pieces::Pieces::default();
    out.text("arn");
    for arg in call.args {
        out.text(":");
        out.node(arg)?;
    }
    Ok(out.finish(call.span))
}

fn trim_iam_role_path(call: &Call<'_>) -> Outcome {
    let arn = call.text(0)?;
    let Some((before, path)) = arn.split_once(":role/").filter(|_| arn.starts_with("arn:")) else {
        return call.refuse(0, "the ARN of a role is needed");
    };
    call.give_text(format!("{before}:role/{}", onus_ingest::file_name(path)))
}
