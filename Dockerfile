FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
RUN apt-get update && apt-get install -y --no-install-recommends nodejs npm && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY . .
RUN dotnet publish src/Overture.Server -c Release -o /app -p:RestoreLockedMode=true

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /app
COPY --from=build /app .
RUN mkdir -p /var/lib/overture && chown app:app /var/lib/overture
USER app
ENV OVERTURE_DATA=/var/lib/overture
VOLUME /var/lib/overture
EXPOSE 8080
ENTRYPOINT ["./overture"]
CMD ["serve", "--urls", "http://0.0.0.0:8080"]
