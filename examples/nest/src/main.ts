import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AstroJobsErrorFilter } from './errors.filter.js';
import { PhotoJobs } from './jobs.provider.js';
import { PhotosController } from './photos.controller.js';

@Module({ controllers: [PhotosController], providers: [PhotoJobs] })
class AppModule {}

// No body parser: an upload is a stream. Give one to the routes that need it.
const app = await NestFactory.create(AppModule, { bodyParser: false, logger: ['error', 'warn'] });
app.useGlobalFilters(new AstroJobsErrorFilter());
app.enableShutdownHooks();
await app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1');
console.log(await app.getUrl());
