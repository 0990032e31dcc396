"""The web app: look through analysed sessions on this computer. It never imports the analysis itself."""
