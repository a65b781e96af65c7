//! `Domain` of APIs: the custom domain name and its mapping.

use onus_model::Node;

use super::made::{Made, Part, map, reference};

/// For a REST API.
pub(super) fn rest(part: &Part<'_>, stage: &str, made: &mut Made) {
    let Some(domain) = part.get("Domain") else { return };
    let copy = |name: &str| domain.get(name).cloned();
    let edge = copy("EndpointConfiguration").as_ref().and_then(Node::as_str) == Some("EDGE");
    let certificate = if edge { "CertificateArn" } else { "RegionalCertificateArn" };
    let id = part.named("DomainName");
    let kind = copy("EndpointConfiguration").unwrap_or_else(|| part.text("REGIONAL"));
    let endpoint = part.map([("Types", Some(part.list(vec![kind])))]);
    let properties = map(
        [
            ("DomainName", copy("DomainName")),
            (certificate, copy("CertificateArn")),
            ("EndpointConfiguration", Some(endpoint)),
            ("SecurityPolicy", copy("SecurityPolicy")),
            ("MutualTlsAuthentication", copy("MutualTlsAuthentication")),
        ],
        domain.span,
    );
    part.also(id.clone(), "AWS::ApiGateway::DomainName", properties, made);
    let properties = part.map([
        ("DomainName", Some(reference(&id, part.span))),
        ("RestApiId", Some(part.reference())),
        ("Stage", Some(reference(stage, part.span))),
    ]);
    part.also(part.named("BasePathMapping"), "AWS::ApiGateway::BasePathMapping", properties, made);
    records(part, domain, made);
}

/// For an HTTP API.
pub(super) fn http(part: &Part<'_>, stage: &str, made: &mut Made) {
    let Some(domain) = part.get("Domain") else { return };
    let copy = |name: &str| domain.get(name).cloned();
    let id = part.named("DomainName");
    let configuration = part.map([
        ("CertificateArn", copy("CertificateArn")),
        ("EndpointType", copy("EndpointConfiguration")),
        ("SecurityPolicy", copy("SecurityPolicy")),
    ]);
    let properties = map(
        [
            ("DomainName", copy("DomainName")),
            ("DomainNameConfigurations", Some(part.list(vec![configuration]))),
            ("MutualTlsAuthentication", copy("MutualTlsAuthentication")),
        ],
        domain.span,
    );
    part.also(id.clone(), "AWS::ApiGatewayV2::DomainName", properties, made);
    let properties = part.map([
        ("DomainName", Some(reference(&id, part.span))),
        ("ApiId", Some(part.reference())),
        ("Stage", Some(reference(stage, part.span))),
    ]);
    part.also(part.named("ApiMapping"), "AWS::ApiGatewayV2::ApiMapping", properties, made);
    records(part, domain, made);
}

/// The records that lead the domain name to the API.
fn records(part: &Part<'_>, domain: &Node, made: &mut Made) {
    let Some(route) = domain.get("Route53") else { return };
    let record = part.map([
        ("Name", domain.get("DomainName").cloned()),
        ("Type", Some(part.text("A"))),
        ("AliasTarget", Some(super::api::made_by_sam(part, "alias target"))),
    ]);
    let properties = part.map([
        ("HostedZoneId", route.get("HostedZoneId").cloned()),
        ("HostedZoneName", route.get("HostedZoneName").cloned()),
        ("RecordSets", Some(part.list(vec![record]))),
    ]);
    part.also(part.named("RecordSetGroup"), "AWS::Route53::RecordSetGroup", properties, made);
}
