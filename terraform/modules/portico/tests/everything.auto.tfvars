# What every test starts from: a vendor who uses everything. A test changes what it is about.
project   = "vendor-marketplace"
region    = "europe-west1"
operators = ["user:ops@example.com"]
domain    = "marketplace.example.com"

procurement_provider = "example-partner"
products             = ["product.endpoints.example-partner.cloud.goog"]
approval_policy      = "auto"
marketplace_topic    = "projects/cloudcommerceproc-prod/topics/example-partner"

vendor_name            = "Example Partner"
support_url            = "https://example.com/support"
listing_url            = "https://console.cloud.google.com/marketplace/product/example-partner/product"
application_signup_url = "https://app.example.com/marketplace"
application_login_url  = "https://app.example.com/login"
signup_mode            = "form"

google_sign_in               = "required"
google_client_id             = "123456789012-abc123.apps.googleusercontent.com"
google_client_secret_version = "3"

service_account_link = {
  service_name     = "product.endpoints.example-partner.cloud.goog"
  callers          = ["app@vendor-app.iam.gserviceaccount.com"]
  roles            = ["bigquery.dataViewer"]
  project          = "vendor-customers"
  redirect_domains = ["app.example.com", "*.example.org"]
}

metrics            = ["pro/requests:int64", "pro/storage:double"]
usage_service_name = "product.endpoints.example-partner.cloud.goog"
usage_callers      = ["app@vendor-app.iam.gserviceaccount.com", "batch@vendor-app.iam.gserviceaccount.com"]

alert_email     = "ops@example.com"
alert_channels  = ["projects/vendor-marketplace/notificationChannels/1234567890"]
paging_channels = ["projects/vendor-marketplace/notificationChannels/5678"]
runbook_url     = "https://git.example.com/portico/terraform/runbook.md"

budget = {
  billing_account = "012345-6789AB-CDEF01"
  amount          = 200
  currency        = "EUR"
}

images = {
  signup               = "europe-west1-docker.pkg.dev/vendor-marketplace/portico/signup@sha256:1111111111111111111111111111111111111111111111111111111111111111"
  sso-login            = "europe-west1-docker.pkg.dev/vendor-marketplace/portico/sso-login@sha256:2222222222222222222222222222222222222222222222222222222222222222"
  service-account-link = "europe-west1-docker.pkg.dev/vendor-marketplace/portico/service-account-link@sha256:3333333333333333333333333333333333333333333333333333333333333333"
  procurement-events   = "europe-west1-docker.pkg.dev/vendor-marketplace/portico/procurement-events@sha256:4444444444444444444444444444444444444444444444444444444444444444"
  usage-report         = "europe-west1-docker.pkg.dev/vendor-marketplace/portico/usage-report@sha256:5555555555555555555555555555555555555555555555555555555555555555"
}
