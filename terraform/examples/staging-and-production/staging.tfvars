environment     = "staging"
project         = "vendor-marketplace"
products        = ["product-staging.endpoints.example-partner.cloud.goog"]
application_url = "https://staging.example.com"
