//! `AWS::Serverless::LayerVersion`.

use super::made::{Made, Part};

/// The version of the layer.
pub(super) fn make(part: &Part<'_>, made: &mut Made) {
    let names = ["S3Bucket", "S3Key", "S3ObjectVersion"];
    let properties = part.properties(
        &["CompatibleArchitectures", "CompatibleRuntimes", "Description", "LayerName"],
        [
            ("Content", part.location("ContentUri", names)),
            ("LicenseInfo", part.copy("LicenseInfo")),
        ],
    );
    part.main("AWS::Lambda::LayerVersion", properties, made);
}
