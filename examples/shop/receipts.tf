resource "aws_sqs_queue" "receipts" {
  name                    = "shop-receipts"
  sqs_managed_sse_enabled = true
}

resource "aws_lambda_function" "receipts" {
  function_name = "shop-receipts"
  role          = aws_iam_role.receipts.arn
  filename      = "receipts.zip"
  handler       = "receipts.handler"
  runtime       = "python3.13"

  environment {
    variables = {
      SENDER        = "receipts@shop.example"
      MAIL_PASSWORD = "not-a-real-password"
    }
  }
}

resource "aws_lambda_event_source_mapping" "receipts" {
  event_source_arn = aws_sqs_queue.receipts.arn
  function_name    = aws_lambda_function.receipts.arn
}
