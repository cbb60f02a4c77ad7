environment     = "production"
project         = "vendor-marketplace"
products        = ["product.endpoints.example-partner.cloud.goog"]
application_url = "https://app.example.com"
