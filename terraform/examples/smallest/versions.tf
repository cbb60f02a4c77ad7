terraform {
  required_version = ">= 1.9, < 2.0"

  # terraform init -backend-config="bucket=BUCKET"
  backend "gcs" {
    prefix = "portico"
  }

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = "~> 7.45"
    }
    google-beta = {
      source  = "hashicorp/google-beta"
      version = "~> 7.45"
    }
    time = {
      source  = "hashicorp/time"
      version = "~> 0.13"
    }
  }
}
