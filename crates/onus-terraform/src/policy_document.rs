//! The data source `aws_iam_policy_document`.
