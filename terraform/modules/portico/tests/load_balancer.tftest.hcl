# The vendor's domain.

mock_provider "google" {
  source = "./tests/mocks"
}

mock_provider "google" {
  alias = "marketplace"
}

mock_provider "google-beta" {
  source = "./tests/mocks_beta"
}

mock_provider "time" {}

run "paths_lead_to_their_functions" {
  assert {
    condition = {
      for rule in google_compute_url_map.main[0].path_matcher[0].path_rule : join(" ", sort(rule.paths)) => rule.service
      } == {
      "/login /login/*"        = google_compute_backend_service.main["sso-login"].id
      "/service-account-links" = google_compute_backend_service.main["service-account-link"].id
      "/signup /signup/*"      = google_compute_backend_service.main["signup"].id
      "/usage"                 = google_compute_backend_service.main["usage-report"].id
    }
    error_message = "a path leads elsewhere"
  }

  assert {
    condition     = flatten([for rule in google_compute_url_map.main[0].host_rule : tolist(rule.hosts)]) == ["marketplace.example.com"]
    error_message = "another host is served"
  }

  assert {
    condition     = !contains(keys(google_compute_backend_service.main), "procurement-events")
    error_message = "procurement-events can be reached from outside"
  }
}

run "whoever_comes_to_the_domain_itself_is_sent_to_the_listing" {
  assert {
    condition = alltrue([
      for redirect in concat(google_compute_url_map.main[0].default_url_redirect, google_compute_url_map.main[0].path_matcher[0].default_url_redirect) :
      redirect.host_redirect == "console.cloud.google.com" &&
      redirect.path_redirect == "/marketplace/product/example-partner/product" &&
      redirect.https_redirect && redirect.strip_query && redirect.redirect_response_code == "FOUND"
    ])
    error_message = "unknown paths wake an instance, or lead elsewhere"
  }
}

run "plain_http_is_sent_to_https" {
  assert {
    condition = (
      google_compute_url_map.http[0].default_url_redirect[0].https_redirect &&
      google_compute_global_forwarding_rule.http[0].port_range == "80" &&
      google_compute_global_forwarding_rule.https[0].port_range == "443"
    )
    error_message = "plain HTTP is answered"
  }
}

run "tls_is_modern_and_the_certificate_google_s" {
  assert {
    condition = (
      google_compute_ssl_policy.main[0].min_tls_version == "TLS_1_2" &&
      google_compute_ssl_policy.main[0].profile == "RESTRICTED" &&
      google_compute_managed_ssl_certificate.main[0].managed[0].domains == tolist(["marketplace.example.com"])
    )
    error_message = "TLS is not as it should be"
  }
}

run "everything_on_the_domain_is_rate_limited" {
  variables {
    application_rate_limit_per_minute = 600
    rate_limit_per_minute             = 60
  }

  assert {
    condition = [
      for name, backend in google_compute_backend_service.main : name
      if backend.security_policy == google_compute_security_policy.main[0].id
    ] == ["service-account-link", "signup", "sso-login", "usage-report"]
    error_message = "a function is not rate limited"
  }

  assert {
    condition = {
      for rule in google_compute_security_policy.main[0].rule :
      rule.priority => rule.rate_limit_options[0].rate_limit_threshold[0].count
      if rule.action == "throttle" && length(rule.rate_limit_options) > 0
    } == { 900 = 600, 1000 = 60 }
    error_message = "the limits are others"
  }

  assert {
    condition = alltrue([
      for rule in google_compute_security_policy.main[0].rule :
      rule.rate_limit_options[0].exceed_action == "deny(429)" &&
      rule.rate_limit_options[0].enforce_on_key == "IP" &&
      rule.rate_limit_options[0].rate_limit_threshold[0].interval_sec == 60
      if length(rule.rate_limit_options) > 0
    ])
    error_message = "a limit is not of each address and minute"
  }
}

run "the_application_has_a_limit_of_its_own_for_what_it_calls" {
  assert {
    condition = flatten([
      for rule in google_compute_security_policy.main[0].rule : rule.match[0].expr[*].expression if rule.priority == 900
    ]) == ["request.path == '/service-account-links' || request.path == '/usage'"]
    error_message = "the application's limit is for other paths"
  }
}

run "where_the_application_calls_nothing_there_is_no_limit_for_it" {
  command = plan

  variables {
    metrics              = null
    service_account_link = null
    images = {
      signup = "europe-west1-docker.pkg.dev/vendor-marketplace/portico/signup@sha256:1111111111111111111111111111111111111111111111111111111111111111"
    }
  }

  assert {
    condition     = [for rule in google_compute_security_policy.main[0].rule : rule.priority if rule.priority == 900] == []
    error_message = "there is a rule for nothing"
  }
}

run "the_address_comes_before_the_images" {
  variables {
    images                       = {}
    google_client_secret_version = null
  }

  assert {
    condition     = output.dns_record == "marketplace.example.com. 300 IN A 203.0.113.7"
    error_message = "DNS cannot be prepared"
  }

  assert {
    condition     = length(google_compute_url_map.main) + length(google_compute_security_policy.main) == 0
    error_message = "there is a load balancer for nothing"
  }
}

run "a_domain_of_one_s_own_needs_no_load_balancer" {
  variables {
    load_balancer = false
  }

  assert {
    condition     = output.signup_url == "https://marketplace.example.com/signup" && output.dns_record == null
    error_message = "the domain is not used"
  }

  assert {
    condition = (
      length(google_compute_global_address.main) + length(google_compute_backend_service.main) + length(google_compute_security_policy.main) == 0 &&
      !contains(keys(google_project_service.main), "compute.googleapis.com")
    )
    error_message = "something of a load balancer is there, and costs"
  }
}

run "what_producer_portal_asks_for_is_an_output" {
  assert {
    condition = jsonencode([
      output.signup_url,
      output.login_url,
      output.google_sign_in_redirect_uris,
      output.hand_off_keys_url,
      ]) == jsonencode([
      "https://marketplace.example.com/signup",
      "https://marketplace.example.com/login",
      ["https://marketplace.example.com/signup/callback", "https://marketplace.example.com/login/callback"],
      "https://www.googleapis.com/service_accounts/v1/metadata/x509/portico-hand-off@vendor-marketplace.iam.gserviceaccount.com",
    ])
    error_message = "an output is not what has to be pasted"
  }
}

run "the_application_s_developer_is_told_where_to_call_and_with_what" {
  assert {
    condition = jsonencode(output.service_account_link) == jsonencode({
      url      = "https://marketplace.example.com/service-account-links"
      audience = "https://portico-service-account-link-123456789012.europe-west1.run.app"
    })
    error_message = "the developer is told something else"
  }
}
